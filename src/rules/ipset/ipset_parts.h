/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of rules/ipset share. Private to them. */
#ifndef RULES_IPSET_IPSET_PARTS_H
#define RULES_IPSET_IPSET_PARTS_H

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "rules/ipset/ipset.h"
#include "rules/ipset/set.h"

struct ipsets {
	struct arena arena;		/* names and comments; empty in a replay's copy, which borrows them */
	struct set *sets;		/* owned */
	size_t n_sets, capacity;
	struct map names;		/* their indexes plus 1, as pointers */
	uint32_t hz;
	uint64_t n_named, most_named;	/* elements by ranges, and the like; limits.set_elements */
};

/* Files the last set under its name. */
void ipsets_note_name(struct ipsets *sets);

/* "10.0.0.1,tcp:80": an element as `ipset save` prints it. */
void set_element_print(const struct ipsets *sets, const struct set *set, const struct set_element *element, struct text *out);

/* " timeout 5 packets 1 bytes 60": what follows it. `seconds`: the time left. */
void set_extension_print(const struct set *set, const struct set_element *element, const struct set_extension *extension,
			 uint32_t seconds, struct text *out);

/* "create NAME TYPE ..." */
void set_header_print(const struct set *set, struct text *out);

/* An ICMP or ICMPv6 name as ipset has them: type << 8 | code, -1 when there is none; and back, NULL when there is none. */
int set_icmp_parse(enum family family, const char *name);
const char *set_icmp_name(enum family family, uint16_t type_and_code);

/*
 * The elements that one word of an "add" line means: "10.0.0.1-10.0.0.9,tcp:80-82" are 27. Walked one at a time:
 * set_words_parse(), then set_words_next() until it says false.
 */
struct set_words {
	const struct set *set;
	struct set_element first;	/* what all of them share; ranges at their start */
	struct address last[2];		/* end of the range of addresses */
	uint16_t last_port;
	struct set_element at;
	bool is_started;
};

/* False after an error. `where` is the word's place. */
bool set_words_parse(struct set_words *words, const struct ipsets *sets, const struct set *set, const char *text,
		     struct source_range where, struct diagnostics *diagnostics);
bool set_words_next(struct set_words *words, struct set_element *element);

#endif
