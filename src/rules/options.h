/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one parser and printer of extension options, driven by their tables (rules/extension.h). */
#ifndef RULES_OPTIONS_H
#define RULES_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/text.h"
#include "rules/extension.h"

/*
 * The option of a long name (without dashes): exact, or a prefix that fits one canonical
 * option alone, as getopt_long() allows. Aliases are resolved only for their flags: the
 * returned spec has the right mark and offset. NULL when there is none.
 */
const struct option_spec *options_find(const struct option_spec *options, size_t n_options, const char *name);

/* How many value words an option takes. */
unsigned options_value_count(const struct option_spec *option);

/*
 * Stores one option into a configuration. `values` are its words (options_value_count() of them); `name` is the
 * option's own word, for messages. Checks range, inversion, repetition and exclusions; false after an error.
 */
bool options_store(const struct option_spec *option, void *config, const struct argument *name, bool is_inverted,
		   const struct argument *values, const struct extension_place *place, struct diagnostics *diagnostics);

/* Required options are there? `where` is the -m or -j word. */
bool options_check(const struct option_spec *options, size_t n_options, const void *config, const char *extension,
		   struct source_range where, struct diagnostics *diagnostics);

/* Every option that was given, canonical, in table order: " ! --dport 53". */
void options_print(const struct option_spec *options, size_t n_options, const void *config, struct text *out);

/* "--ctstate state[,state]" lines for `ctreplay list matches NAME` and the manual. */
void options_describe(const struct option_spec *options, size_t n_options, struct text *out);

/* One option as it was given, canonical, no leading blank: "! --dport 53". */
void options_print_option(const struct option_spec *option, const void *config, struct text *out);

/* A string as iptables-save quotes it: bare when it needs no quotes (Linux iptables 1.8.9, xtables_save_string()). */
void options_print_string(const char *string, struct text *out);

/*
 * For parsers of OPTION_CUSTOM values: one piece of a value, and its place.
 */
enum { OPTION_WORD_LONGEST = 63 };

struct option_word {
	char text[OPTION_WORD_LONGEST + 1];	/* longer ones end in "...", which nothing accepts */
	struct source_range where;		/* of the piece when the source shows the same bytes, else of the whole value */
	bool is_as_written;			/* the former */
};

/*
 * The piece of `argument` that starts at *at and ends before the next `separator`; *at moves behind it, to NULL at the
 * end. Call it while *at is not NULL, starting with argument->text.
 */
void options_next_word(const struct argument *argument, const char **at, char separator, struct option_word *word);

/* strtoull(3) with base 0 and without its minus sign; *end is where the number ends. False when there is none. */
bool options_read_number(const char *text, const char **end, uint64_t *number);

/*
 * An IPv4 address as -s reads it: one to four numbers up to 255 in any base, missing ones are 0; else as inet_aton(3) does, where the last
 * number fills the bytes that are left. iptables 1.8.9, xtables_numeric_to_ipaddr() and getaddrinfo(3).
 */
bool options_read_host(const char *text, struct address *address);

/* The pieces as what they are to be; false after an error. */
bool options_parse_number(const struct option_word *word, uint32_t min, uint32_t max, uint32_t *number,
			  struct diagnostics *diagnostics);
/* A number, or a service of the rule's protocol. */
bool options_parse_port(const struct option_word *word, const struct extension_place *place, uint16_t *port,
			struct diagnostics *diagnostics);
bool options_parse_protocol(const struct option_word *word, uint8_t *protocol, struct diagnostics *diagnostics);

/* An unknown word of a table: 'unknown state "ESTABLISED"', 'did you mean ESTABLISHED?'. */
void options_report_unknown(const struct option_word *word, const char *noun, const struct option_name *names,
			    struct diagnostics *diagnostics);

/* Was the option with this mark given, and inverted? */
static inline bool options_is_seen(const struct option_marks *marks, unsigned mark)
{
	return (marks->seen >> mark & 1) != 0;
}

static inline bool options_is_inverted(const struct option_marks *marks, unsigned mark)
{
	return (marks->inverted >> mark & 1) != 0;
}

#endif
