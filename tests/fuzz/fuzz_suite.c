/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as a suite of tests, and as results of one: read whole, or refused with a message; nothing is opened. */
#include "fuzz.h"

#include "json_mutator.h"
#include "suite/results.h"
#include "suite/suite.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/suite", "tests/suites", "docs/examples/suites", NULL };

const char *const json_keys[] = {
	"cases", "name", "about", "expect", "must-fail", "$schema", "capture", "rules", "rules4", "rules6", "host", "ipset", "actions", "annotations",
	"timeouts", "local", "route", "sysctl", "captured-on", "kernel", "track", "hz", "seed", "packets", "verdict", "ctstate", "direction", "rule",
	"reason", "entry", "sent", "answer", "log", "in", "out", "count", "because", "counter", "bytes", "entries", "at", "after", "events",
	"exactly", "golden", "kind", "shard", "shards", "suites", "index", "suite", "line", "result", "words", NULL,
};

const char *const json_words[] = {
	"", "all", "1", "1-3,5", "3-1", "0", "18446744073709551616", "udp port 53", "tcp[13] & 2 != 0", "port", "ACCEPT", "DROP", "REJECT", "HELD",
	"NEW", "ESTABLISHED", "INVALID", "UNTRACKED", "original", "reply", "INPUT 1", "filter INPUT policy", "-A INPUT -j DROP", "[NEW] udp",
	"udp src=10.0.0.1 dport=53 [UNREPLIED]", "end", "1.5s", "31", "-1s", "1e300", "nan", "a", "b", "../a", "/etc/passwd", "begin", "case", "end",
	"passed", "failed", "broken", "missing", "always", "auto", "6.18", "10.0.0.1/24@eth0", NULL,
};

static const uint8_t *fuzz_data;
static size_t fuzz_len;

/* Every file that a suite names holds the same. */
static bool read_same(const char *path, struct source *source, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	source_init(source, path, (const char *)fuzz_data, fuzz_len);
	return true;
}

static void read_suite(void)
{
	struct diagnostics diagnostics;
	struct suite suite;
	struct text text;
	bool is_read;

	diag_init(&diagnostics);
	text_init(&text);
	is_read = suite_parse(&suite, "fuzz", read_same, &diagnostics);
	diag_print(&diagnostics, &text);
	MUST(is_read == (diagnostics.n_errors == 0));
	MUST(!is_read || suite.n_cases > 0);
	diag_clear(&diagnostics);
	suite_clear(&suite);
	text_clear(&text);
}

static void read_results(void)
{
	struct results results = { .cases = NULL };
	struct diagnostics diagnostics;
	struct source source;
	size_t counts[CASE_STATUSES];

	diag_init(&diagnostics);
	source_init(&source, "fuzz", (const char *)fuzz_data, fuzz_len);
	if (results_merge(&results, &source, true, &diagnostics)) {
		results_count(&results, counts);
		MUST(counts[CASE_MISSING] <= results.n_cases);
	}
	diag_clear(&diagnostics);
	results_clear(&results);
	source_clear(&source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len > 65536)
		return 0;
	fuzz_data = data;
	fuzz_len = len;
	read_suite();
	read_results();
	return 0;
}

#include "replay.h"
