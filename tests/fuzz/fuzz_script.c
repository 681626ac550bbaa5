/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as a packet script: messages are located, and what is read gives frames that decode. */
#include "fuzz.h"

#include "capture/script.h"
#include "packet/decode.h"
#include "packet/summary.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/script", "tests/cases", NULL };

static void replay_script(const struct script *script)
{
	struct packet_source *source = script_open(script);
	struct packet packet;
	struct text text;
	size_t n = 0;

	packet_init(&packet);
	text_init(&text);
	while (packet_source_next(source, &packet) == PACKET_SOURCE_PACKET) {
		n++;
		decode_frame(&packet, source->link_type);
		summary_print(&packet, &text);
		text_reset(&text);
	}
	MUST(n == script->n_packets);
	packet_clear(&packet);
	text_clear(&text);
	packet_source_close(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct diagnostics diagnostics;
	struct source source;
	struct script script;
	struct text text;

	if (len > 65536)
		return 0;
	diag_init(&diagnostics);
	text_init(&text);
	source_init(&source, "fuzz", (const char *)data, len);
	if (script_parse(&script, &source, NULL, &diagnostics)) {
		MUST(diagnostics.n_errors == 0);
		replay_script(&script);
	} else {
		diag_print(&diagnostics, &text);
		MUST(strncmp(text_string(&text), "fuzz:", 5) == 0);
	}
	script_clear(&script);
	diag_clear(&diagnostics);
	source_clear(&source);
	text_clear(&text);
	return 0;
}

#include "replay.h"
