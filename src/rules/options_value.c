/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What iptables 1.8.9 accepts (xtoptions.c, xtables.c) and nothing less, with messages that point at the word. */
#include "rules/options_value.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "packet/protocol.h"
#include "rules/options.h"

/* A hint needs this many names at most: the largest table is that of ICMP types. */
enum { CANDIDATES_MOST = 64, HINT_LONGEST = 120 };

static struct source_range range_of_part(const struct argument *argument, const char *part, size_t len)
{
	struct source_range where = argument->where;

	if (!argument->is_as_written)
		return where;
	where.offset += (uint32_t)(part - argument->text);
	where.len = (uint32_t)len;
	return where;
}

void options_next_word(const struct argument *argument, const char **at, char separator, struct option_word *word)
{
	const char *end = strchr(*at, separator);
	size_t len = end ? (size_t)(end - *at) : strlen(*at);
	size_t kept = len > OPTION_WORD_LONGEST ? OPTION_WORD_LONGEST - 3 : len;

	memcpy(word->text, *at, kept);
	strcpy(word->text + kept, kept < len ? "..." : "");
	word->where = range_of_part(argument, *at, len);
	word->is_as_written = argument->is_as_written && kept == len;
	*at = end ? end + 1 : NULL;
}

bool options_read_number(const char *text, const char **end, uint64_t *number)
{
	char *stop;

	*end = text;
	while (isspace((unsigned char)*text))
		text++;
	if (*text == '-')
		return false;
	errno = 0;
	*number = strtoull(text, &stop, 0);
	if (stop == text || errno)
		return false;
	*end = stop;
	return true;
}

bool options_parse_number(const struct option_word *word, uint32_t min, uint32_t max, uint32_t *number,
			  struct diagnostics *diagnostics)
{
	const char *end;
	uint64_t wide;

	if (!options_read_number(word->text, &end, &wide) || *end) {
		diag_error(diagnostics, word->where, NULL, "\"%s\" is not a number from %u to %u", word->text, min, max);
		return false;
	}
	if (wide < min || wide > max) {
		diag_error(diagnostics, word->where, NULL, "%s is out of range (%u to %u)", word->text, min, max);
		return false;
	}
	*number = (uint32_t)wide;
	return true;
}

/* No port, and no service either. */
static void report_port(const struct option_word *word, struct diagnostics *diagnostics)
{
	const char *nearest = protocol_nearest_service(word->text);
	char hint[HINT_LONGEST];

	hint[0] = '\0';
	if (strchr(word->text, ','))
		snprintf(hint, sizeof(hint), "a list needs -m multiport --dports %s", word->text);
	else if (strchr(word->text, '-') && strspn(word->text, "0123456789-") == strlen(word->text))
		snprintf(hint, sizeof(hint), "a range is written with a colon: %.*s:%s", (int)strcspn(word->text, "-"), word->text,
			 strchr(word->text, '-') + 1);
	else if (nearest)
		snprintf(hint, sizeof(hint), "did you mean %s?", nearest);
	diag_error(diagnostics, word->where, hint[0] ? hint : NULL, "\"%s\" is neither a port nor the name of a service", word->text);
}

/* Linux iptables 1.8.9, xtables_parse_port(): getservbyname(3) with the protocol. */
static bool check_service(const struct option_word *word, const struct extension_place *place, uint16_t port,
			  struct diagnostics *diagnostics)
{
	const char *name = protocol_name(place->protocol);
	char hint[HINT_LONGEST];

	if (!place->protocol || protocol_has_service(place->protocol, word->text))
		return true;
	snprintf(hint, sizeof(hint), "write the port: %u", port);
	diag_error(diagnostics, word->where, hint, "%s is no service of %s", word->text, name ? name : "this protocol");
	return false;
}

bool options_parse_port(const struct option_word *word, const struct extension_place *place, uint16_t *port,
			struct diagnostics *diagnostics)
{
	const char *end;
	uint64_t wide;

	if (options_read_number(word->text, &end, &wide) && !*end) {
		if (wide > UINT16_MAX) {
			diag_error(diagnostics, word->where, NULL, "port %s is out of range (0 to 65535)", word->text);
			return false;
		}
		*port = (uint16_t)wide;
		return true;
	}
	if (word->text[0] && protocol_parse_service(word->text, port))
		return check_service(word, place, *port, diagnostics);
	if (!word->text[0])
		diag_error(diagnostics, word->where, NULL, "a port is missing");
	else
		report_port(word, diagnostics);
	return false;
}

/*
 * Most extensions of iptables 1.8.9 have ports read by getaddrinfo(3): decimal, modulo 65536, an empty one is 0. What
 * nobody can have meant is said.
 */
static bool parse_loose_port(const struct option_word *word, uint32_t *port, struct diagnostics *diagnostics)
{
	size_t n_digits = strspn(word->text, "0123456789");
	unsigned long number;
	uint16_t named;

	if (word->text[n_digits]) {
		if (!protocol_parse_service(word->text, &named)) {
			report_port(word, diagnostics);
			return false;
		}
		*port = named;
		return true;
	}
	errno = 0;
	number = n_digits ? strtoul(word->text, NULL, 10) : 0;
	if (errno || (uint32_t)number == UINT32_MAX) {	/* -1, which means "none" there */
		diag_error(diagnostics, word->where, NULL, "port %s is out of range (0 to 65535)", word->text);
		return false;
	}
	*port = (uint16_t)number;
	if (!n_digits || number > UINT16_MAX)
		diag_warning(diagnostics, word->where, "a port is 0 to 65535", "iptables reads \"%s\" as port %u", word->text,
			     *port);
	return true;
}

bool options_parse_protocol(const struct option_word *word, uint8_t *protocol, struct diagnostics *diagnostics)
{
	const char *const *names = protocol_names();
	const char *end, *nearest;
	char hint[HINT_LONGEST];
	size_t n_names = 0;
	uint64_t wide;

	if (options_read_number(word->text, &end, &wide) && !*end && wide <= UINT8_MAX) {
		*protocol = (uint8_t)wide;
		return true;
	}
	if (protocol_parse(word->text, protocol))
		return true;
	while (names[n_names])
		n_names++;
	nearest = diag_nearest(word->text, names, n_names);
	snprintf(hint, sizeof(hint), "did you mean %s?", nearest ? nearest : "");
	diag_error(diagnostics, word->where, nearest ? hint : NULL, "unknown protocol \"%s\"", word->text);
	return false;
}

void options_report_unknown(const struct option_word *word, const char *noun, const struct option_name *names,
			    struct diagnostics *diagnostics)
{
	const char *candidates[CANDIDATES_MOST], *nearest;
	char hint[HINT_LONGEST];
	size_t n = 0;

	for (; n < CANDIDATES_MOST && names[n].name; n++)
		candidates[n] = names[n].name;
	nearest = diag_nearest(word->text, candidates, n);
	snprintf(hint, sizeof(hint), "did you mean %s?", nearest ? nearest : "");
	if (!word->text[0])
		diag_error(diagnostics, word->where, "in a list there are no blanks: A,B", "a %s is missing", noun);
	else
		diag_error(diagnostics, word->where, nearest ? hint : NULL, "unknown %s \"%s\"", noun, word->text);
}

static bool is_name(const struct option_spec *option, const char *name, const char *word)
{
	if (option->flags & OPTION_NAME_EXACT)
		return strcmp(name, word) == 0;
	if (option->flags & OPTION_NAME_PREFIX)
		return word[0] && strncasecmp(name, word, strlen(word)) == 0;
	return strcasecmp(name, word) == 0;
}

/* The value of a word, or an error: 'unknown state'; the noun is the first word of value_name. */
static bool find_name(const struct option_spec *option, const struct option_word *word, uint32_t *value,
		      struct diagnostics *diagnostics)
{
	char noun[OPTION_WORD_LONGEST + 1];

	for (const struct option_name *name = option->names; name->name; name++) {
		if (!is_name(option, name->name, word->text))
			continue;
		*value = name->value;
		return true;
	}
	snprintf(noun, sizeof(noun), "%.*s", (int)strcspn(option->value_name, "[,"), option->value_name);
	options_report_unknown(word, noun, option->names, diagnostics);
	return false;
}

static bool store_name_set(const struct option_spec *option, uint32_t *set, const struct argument *value,
			   struct diagnostics *diagnostics)
{
	const char *at = value->text;
	struct option_word word;
	bool is_good = true;
	uint32_t bits;

	*set = 0;
	while (at) {
		options_next_word(value, &at, ',', &word);
		if ((option->flags & OPTION_SKIP_EMPTY) && !word.text[0])
			continue;
		if (find_name(option, &word, &bits, diagnostics))
			*set |= bits;
		else
			is_good = false;
	}
	return is_good;
}

/* One end of a range. Options that insist on an order (-m tcp) have an older, stricter way with ports. */
static bool parse_bound(const struct option_spec *option, const struct option_word *word, const struct extension_place *place,
			uint32_t *bound, struct diagnostics *diagnostics)
{
	uint16_t port = 0;

	if (option->kind == OPTION_NUMBER_RANGE)
		return options_parse_number(word, (uint32_t)option->min, (uint32_t)option->max, bound, diagnostics);
	if (!(option->flags & OPTION_ORDERED))
		return parse_loose_port(word, bound, diagnostics);
	if (!options_parse_port(word, place, &port, diagnostics))
		return false;
	*bound = port;
	return true;
}

/* "a", "a:b", ":b", "a:"; of numbers nothing at all is the least one, too, of ports options differ. iptables 1.8.9, xtopt_parse_mint(). */
static bool store_range(const struct option_spec *option, struct number_range *range, const struct argument *value,
			const struct extension_place *place, struct diagnostics *diagnostics)
{
	uint32_t max = option->kind == OPTION_PORT_RANGE ? UINT16_MAX : (uint32_t)option->max;
	uint32_t bounds[2] = { (uint32_t)option->min, max };
	bool needs_word = option->kind == OPTION_PORT_RANGE && !strchr(value->text, ':');
	const char *at = value->text;
	struct option_word word;
	unsigned n = 0;

	for (; at && n < 2; n++) {
		options_next_word(value, &at, ':', &word);
		if ((word.text[0] || needs_word) && !parse_bound(option, &word, place, &bounds[n], diagnostics))
			return false;
	}
	if (at) {
		diag_error(diagnostics, value->where, "a range is FIRST:LAST", "\"%s\" has more than two parts", value->text);
		return false;
	}
	range->first = bounds[0];
	range->last = n == 2 ? bounds[1] : bounds[0];
	if (range->first <= range->last)
		return true;
	if (option->flags & OPTION_ORDERED)
		diag_error(diagnostics, value->where, "the smaller one comes first", "the range %u:%u is empty", range->first,
			   range->last);
	else
		diag_warning(diagnostics, value->where, "the smaller one comes first",
			     "the range %u:%u is empty: nothing is in it", range->first, range->last);
	return !(option->flags & OPTION_ORDERED);
}

static bool store_masked(struct masked_value *masked, const struct argument *value, struct diagnostics *diagnostics)
{
	const char *at = value->text;
	struct option_word word;

	options_next_word(value, &at, '/', &word);
	if (!options_parse_number(&word, 0, UINT32_MAX, &masked->value, diagnostics))
		return false;
	masked->mask = UINT32_MAX;
	if (!at)
		return true;
	options_next_word(value, &at, '\0', &word);
	return options_parse_number(&word, 0, UINT32_MAX, &masked->mask, diagnostics);
}

static bool store_string(const struct option_spec *option, char *string, const struct argument *value,
			 struct diagnostics *diagnostics)
{
	size_t len = strlen(value->text);

	if ((option->flags & OPTION_CUT) && len > (size_t)option->max) {
		diag_warning(diagnostics, value->where, NULL, "only the first %d of %zu characters are kept",
			     (int)option->max, len);
		len = (size_t)option->max;
	}
	if (option->max >= 0 && len > (size_t)option->max) {
		diag_error(diagnostics, value->where, NULL, "at most %d characters, this has %zu", (int)option->max, len);
		return false;
	}
	if (len < (size_t)option->min) {
		diag_error(diagnostics, value->where, NULL, "--%s needs at least %d character%s", option->name,
			   (int)option->min, option->min == 1 ? "" : "s");
		return false;
	}
	memcpy(string, value->text, len);
	string[len] = '\0';
	return true;
}

bool options_value_store(const struct option_spec *option, void *slot, const struct argument *value,
			 const struct extension_place *place, struct diagnostics *diagnostics)
{
	const char *at = value->text;
	struct option_word word;

	switch (option->kind) {
	case OPTION_NUMBER:
		options_next_word(value, &at, '\0', &word);
		return options_parse_number(&word, (uint32_t)option->min, (uint32_t)option->max, slot, diagnostics);
	case OPTION_NUMBER_RANGE:
	case OPTION_PORT_RANGE:
		if (!(option->flags & OPTION_SINGLE) || !strchr(value->text, ':'))
			return store_range(option, slot, value, place, diagnostics);
		diag_error(diagnostics, value->where, NULL, "--%s takes one %s", option->name, option->value_name);
		return false;
	case OPTION_NAME:
		options_next_word(value, &at, '\0', &word);
		return find_name(option, &word, slot, diagnostics);
	case OPTION_NAME_SET:
		return store_name_set(option, slot, value, diagnostics);
	case OPTION_MASKED:
		return store_masked(slot, value, diagnostics);
	case OPTION_STRING:
		return store_string(option, slot, value, diagnostics);
	case OPTION_ADDRESS:
		return options_value_store_address(slot, value, place->family, diagnostics);
	case OPTION_ADDRESS_RANGE:
		return options_value_store_address_range(slot, value, place->family, diagnostics);
	case OPTION_FLAG:
	case OPTION_CUSTOM:
		break;
	}
	return false;
}
