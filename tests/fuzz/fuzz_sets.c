/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as what `ipset save` printed: messages are located, and what is read is printed in a form that is read again. */
#include "fuzz.h"

#include "rules/ipset/ipset.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/sets", "tests/cases/ipset", "tests/errors", NULL };

static void save(const struct ipsets *sets, struct text *out)
{
	struct ipsets_position position = { .set = 0 };
	struct vtime start = { .ns = 0 };

	while (ipsets_next_line(sets, &position, start, out))
		text_append_char(out, '\n');
	ipsets_end(&position);
}

static void check_canonical(const struct ipsets *sets)
{
	struct ipsets *again = ipsets_create();
	struct diagnostics diagnostics;
	struct source source;
	struct text first, second;

	text_init(&first);
	text_init(&second);
	diag_init(&diagnostics);
	save(sets, &first);
	source_init(&source, "printed", text_string(&first), first.len);
	MUST(ipsets_read(again, &source, &diagnostics));
	save(again, &second);
	MUST(strcmp(text_string(&first), text_string(&second)) == 0);
	ipsets_destroy(again);
	diag_clear(&diagnostics);
	source_clear(&source);
	text_clear(&first);
	text_clear(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct ipsets *sets = ipsets_create();
	struct diagnostics diagnostics;
	struct source source;
	struct text text;

	diag_init(&diagnostics);
	text_init(&text);
	/* What takes long because it asks for millions of elements is no finding. */
	source_init(&source, "fuzz", (const char *)data, len > 4096 ? 0 : len);
	if (ipsets_read(sets, &source, &diagnostics)) {
		MUST(diagnostics.n_errors == 0);
		check_canonical(sets);
	} else {
		diag_print(&diagnostics, &text);
		MUST(strncmp(text_string(&text), "fuzz:", 5) == 0);
	}
	ipsets_destroy(sets);
	diag_clear(&diagnostics);
	source_clear(&source);
	text_clear(&text);
	return 0;
}

#include "replay.h"
