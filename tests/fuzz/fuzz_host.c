/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as a host file: a topology that can be finished and asked, or a message. */
#include "fuzz.h"

#include "host/fib.h"
#include "host/host_file.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/host", NULL };

static void ask(const struct topology *topology)
{
	struct address address = address_from_ipv4(0x0a000001);
	struct text text;

	text_init(&text);
	topology_print(topology, &text);
	MUST(fib_interface_towards(topology, FAMILY_IPV4, &address) != NULL);
	text_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct conntrack_settings settings;
	struct topology topology;
	struct sysctls sysctls = { .topology = &topology, .settings = &settings };
	struct diagnostics diagnostics;
	struct source source;
	struct text text;

	if (len > 65536)
		return 0;
	diag_init(&diagnostics);
	text_init(&text);
	settings_init(&settings);
	topology_init(&topology);
	source_init(&source, "fuzz", (const char *)data, len);
	if (host_file_read(&sysctls, &source, &diagnostics)) {
		MUST(diagnostics.n_errors == 0);
		topology_finish(&topology);
		ask(&topology);
	} else {
		MUST(diagnostics.n_errors > 0);
	}
	diag_print(&diagnostics, &text);
	diag_clear(&diagnostics);
	topology_clear(&topology);
	source_clear(&source);
	text_clear(&text);
	return 0;
}

#include "replay.h"
