/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A word that no option takes, and what its writer may have meant. */
#include <ctype.h>
#include <string.h>

#include "packet/address.h"
#include "rules/parse.h"

/* U+2010 to U+2015 and U+2212, which look like '-'; U+2018 to U+201F, which look like quotes. */
static bool begins_with_typographic_dash(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;

	return (bytes[0] == 0xe2 && bytes[1] == 0x80 && bytes[2] >= 0x90 && bytes[2] <= 0x95) ||
	       (bytes[0] == 0xe2 && bytes[1] == 0x88 && bytes[2] == 0x92);
}

bool parse_has_typographic_quotes(const char *text)
{
	for (const unsigned char *bytes = (const unsigned char *)text; *bytes; bytes++) {
		if (bytes[0] == 0xe2 && bytes[1] == 0x80 && bytes[2] >= 0x98 && bytes[2] <= 0x9f)
			return true;
	}
	return false;
}

static bool is_address(const char *text)
{
	struct masked_address range;
	enum family family;

	return address_parse_masked(text, strlen(text), &family, &range);
}

static bool is_state(const char *text)
{
	static const char *const states[] = { "NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED", NULL };

	for (size_t i = 0; states[i]; i++) {
		if (strncmp(states[i], text, strlen(states[i])) == 0)
			return true;
	}
	return false;
}

static bool is_target(const char *text)
{
	static const char *const standard[] = { "ACCEPT", "DROP", "RETURN", "QUEUE", NULL };

	for (size_t i = 0; standard[i]; i++) {
		if (strcmp(standard[i], text) == 0)
			return true;
	}
	return extension_find_target(text, FAMILY_NONE) != NULL;
}

static bool is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789:,")];
}

/* The last word before it that is an option; "" when there is none. */
static const char *option_before(const struct invocation *invocation, const struct argument *word)
{
	for (const struct argument *before = word; before-- > invocation->words;) {
		if (before->text[0] == '-')
			return before->text;
	}
	return "";
}

static bool is_one_of(const char *option, const char *a, const char *b)
{
	return strcmp(option, a) == 0 || (b && strcmp(option, b) == 0);
}

/* By the word alone. */
static const char *hint_of_word(const struct invocation *invocation, const char *text)
{
	if (text[0] == '#')
		return "in iptables-save files a comment stands on a line of its own";
	if (parse_has_typographic_quotes(text))
		return "these are typographic quotes: write \"";
	if (text[0] == '!')
		return "a blank stands behind the `!`: ! -s 192.0.2.1";
	if (strcmp(text, "not") == 0)
		return "to invert an option write `!` before it: ! -s 192.0.2.1";
	if (strcmp(text, "\\") == 0 && invocation->is_saved)
		return "in iptables-save files a line cannot go on in the next one";
	if (strcmp(text, "A") == 0 || strcmp(text, "I") == 0)
		return "a command begins with a dash: -A adds a rule at the end, -I at the start";
	if (strstr(text, "tables") || strcmp(text, "-A") == 0)
		return "is a line end missing before it?";
	if (is_target(text))
		return invocation->rule->target_name.text ? "a rule has one target: write another rule for the second" :
							    "a target stands behind -j";
	return NULL;
}

/* By what stands before it. */
static const char *hint_of_place(const struct argument *word, const char *option)
{
	const char *text = word->text;

	if (is_one_of(option, "--comment", "--log-prefix") || is_one_of(option, "--nflog-prefix", "--string"))
		return "text with blanks stands in quotes: \"...\"";
	if (is_one_of(option, "--limit", "--hashlimit-upto") && strcmp(text, "per") == 0)
		return "a rate is written 5/second";
	if (is_one_of(option, "--state", "--ctstate") && is_state(text))
		return "states are joined by commas, without blanks: NEW,ESTABLISHED";
	if (is_one_of(option, "-s", "-d") && is_address(text))
		return "addresses are joined by commas, without blanks: 192.0.2.1,192.0.2.2";
	if (is_one_of(option, "-A", "--append") && is_number(text))
		return "-A adds at the end; -I INPUT 1 puts a rule at a place";
	if (is_one_of(option, "-N", "--new-chain"))
		return "the name of a chain has no blanks";
	if (is_one_of(option, "-m", "--match") && is_state(text))
		return "write --state before it";
	if (is_one_of(option, "-m", "--match") && strchr(text, '/'))
		return "write --limit before it";
	if (is_one_of(option, "-p", "--protocol") && (is_number(text) || strcmp(text, "port") == 0 || strcmp(text, "dport") == 0))
		return "a port is written --dport 22 (where it goes) or --sport 22 (where it comes from)";
	if (is_one_of(option, "-p", "--protocol") && (strncmp(text, "echo", 4) == 0 || strcmp(text, "type") == 0))
		return "a type is written --icmp-type echo-request";
	return NULL;
}

/* "—dport" was "--dport" before a word processor saw it. */
static void report_dash(struct invocation *invocation, const struct argument *word)
{
	enum { DASH_LEN = 3 };
	const char *name = word->text + DASH_LEN;
	struct text hint;

	text_init(&hint);
	text_printf(&hint, "this is a typographic dash: write %s%s", name[0] && name[1] ? "--" : "-",
		    lex_shorten(&invocation->parser->ast->arena, name));
	parse_error(invocation, word->where, text_string(&hint), "unexpected word \"%s\"",
		    lex_shorten(&invocation->parser->ast->arena, word->text));
	text_clear(&hint);
}

void parse_stray_word(struct invocation *invocation, const struct argument *word)
{
	const char *hint = hint_of_place(word, option_before(invocation, word));

	if (begins_with_typographic_dash(word->text)) {
		report_dash(invocation, word);
		return;
	}
	if (!hint)
		hint = hint_of_word(invocation, word->text);
	parse_error(invocation, word->where, hint ? hint : "no option takes this word", "unexpected word \"%s\"",
		    lex_shorten(&invocation->parser->ast->arena, word->text));
}
