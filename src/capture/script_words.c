/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a packet script and what single words mean. */
#include "capture/script_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_single(char c)
{
	return c == '<' || c == '>' || c == ',';
}

struct script_word script_next(struct script_line *line)
{
	const char *text = line->source->text;
	uint32_t start;

	while (line->at < line->end && is_blank(text[line->at]))
		line->at++;
	if (line->at < line->end && text[line->at] == '#')
		line->at = line->end;
	start = line->at;
	if (start < line->end && is_single(text[start])) {
		line->at++;
	} else if (start < line->end && text[start] == '"') {
		for (line->at++; line->at < line->end && text[line->at] != '"'; line->at++)
			if (text[line->at] == '\\' && line->at + 1 < line->end)
				line->at++;
		if (line->at < line->end)
			line->at++;
	} else {
		while (line->at < line->end && !is_blank(text[line->at]) && !is_single(text[line->at]) &&
		       text[line->at] != '"' && text[line->at] != '#')
			line->at++;
	}
	return (struct script_word){
		.text = text + start,
		.len = line->at - start,
		.where = { .source = line->source, .offset = start, .len = line->at - start },
	};
}

struct script_word script_peek(const struct script_line *line)
{
	struct script_line copy = *line;

	return script_next(&copy);
}

bool script_word_is(const struct script_word *word, const char *text)
{
	return strlen(text) == word->len && memcmp(text, word->text, word->len) == 0;
}

static int digit_value(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	if (isxdigit((unsigned char)c))
		return tolower((unsigned char)c) - 'a' + 10;
	return -1;
}

/* Digits text[0 .. len-1] in `base`, at most UINT32_MAX. */
static bool read_digits(const char *text, size_t len, int base, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < len; i++) {
		int digit = digit_value(text[i]);

		if (digit < 0 || digit >= base)
			return false;
		*value = *value * (unsigned)base + (unsigned)digit;
		if (*value > UINT32_MAX)
			return false;
	}
	return len > 0;
}

bool script_number(struct script_line *line, const struct script_word *word, const char *what, uint32_t most,
		   uint32_t *number)
{
	bool is_hex = word->len > 2 && word->text[0] == '0' && (word->text[1] == 'x' || word->text[1] == 'X');
	uint64_t value;

	if (read_digits(word->text + (is_hex ? 2 : 0), word->len - (is_hex ? 2 : 0), is_hex ? 16 : 10, &value) &&
	    value <= most) {
		*number = (uint32_t)value;
		return true;
	}
	if (word->len)
		diag_error(line->diagnostics, word->where, NULL, "%s must be a number from 0 to %u, not \"%.*s\"", what,
			   most, (int)word->len, word->text);
	else
		diag_error(line->diagnostics, word->where, NULL, "%s needs a number", what);
	return false;
}

/* ".5" behind whole seconds: up to nine decimals. */
static bool read_decimals(const char *text, size_t len, int64_t *ns)
{
	int64_t unit = VTIME_NS_PER_SECOND;

	*ns = 0;
	if (len == 0)
		return true;
	if (text[0] != '.' || len < 2 || len > 10)
		return false;
	for (size_t i = 1; i < len; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
		unit /= 10;
		*ns += (text[i] - '0') * unit;
	}
	return true;
}

bool script_time(const struct script_word *word, bool *is_relative, int64_t *ns)
{
	const char *text = word->text;
	size_t len = word->len, n_whole = 0;
	uint64_t seconds;

	*is_relative = len > 0 && text[0] == '+';
	text += *is_relative;
	len -= *is_relative;
	len -= len > 1 && text[len - 1] == 's';
	while (n_whole < len && isdigit((unsigned char)text[n_whole]))
		n_whole++;
	if (!read_digits(text, n_whole, 10, &seconds) || !read_decimals(text + n_whole, len - n_whole, ns))
		return false;
	*ns += (int64_t)seconds * VTIME_NS_PER_SECOND;
	return true;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar (years from March on, so that leap days come last). */
static int64_t days_to(int64_t year, int64_t month, int64_t day)
{
	int64_t shifted_year = month > 2 ? year : year - 1, shifted_month = month > 2 ? month - 3 : month + 9;

	return 365 * shifted_year + shifted_year / 4 - shifted_year / 100 + shifted_year / 400 +
	       (153 * shifted_month + 2) / 5 + day - 1 - 719468;
}

bool script_date(const struct script_word *word, int64_t *ns)
{
	static const struct {
		size_t offset, len;
		char behind;	/* 0: decimals and Z */
		uint64_t least, most;
	} fields[] = {
		{ 0, 4, '-', 1970, 2099 }, { 5, 2, '-', 1, 12 }, { 8, 2, 'T', 1, 31 },
		{ 11, 2, ':', 0, 23 }, { 14, 2, ':', 0, 59 }, { 17, 2, 0, 0, 59 },
	};
	enum { N_FIELDS = 6, SECONDS_END = 19 };
	int64_t values[N_FIELDS];

	if (word->len < SECONDS_END + 1 || word->text[word->len - 1] != 'Z')
		return false;
	for (size_t i = 0; i < N_FIELDS; i++) {
		uint64_t value;

		if (!read_digits(word->text + fields[i].offset, fields[i].len, 10, &value) ||
		    value < fields[i].least || value > fields[i].most)
			return false;
		if (fields[i].behind && word->text[fields[i].offset + fields[i].len] != fields[i].behind)
			return false;
		values[i] = (int64_t)value;
	}
	if (!read_decimals(word->text + SECONDS_END, word->len - SECONDS_END - 1, ns))
		return false;
	*ns += (((days_to(values[0], values[1], values[2]) * 24 + values[3]) * 60 + values[4]) * 60 + values[5]) *
	       VTIME_NS_PER_SECOND;
	return true;
}

static const struct script_host *find_host(const struct script *script, const char *name, size_t len)
{
	const struct script_host *host;
	char *copy;

	if (!script->hosts.n_used || !len || !isalpha((unsigned char)*name))
		return NULL;
	copy = alloc_copy(name, len);
	host = map_find(&script->hosts, copy);
	free(copy);
	return host;
}

bool script_address(struct script_line *line, const struct script_word *word, enum family *family,
		    struct address *address, const struct script_host **host)
{
	*host = find_host(line->script, word->text, word->len);
	if (*host) {
		*family = (*host)->family;
		*address = (*host)->address;
		return true;
	}
	if (address_parse(word->text, word->len, family, address))
		return true;
	if (word->len)
		diag_error(line->diagnostics, word->where, NULL,
			   "\"%.*s\" is neither an address nor a name given with \"host\"", (int)word->len, word->text);
	else
		diag_error(line->diagnostics, word->where, NULL, "an address is missing");
	return false;
}

/* The part of an end before its port; 0 when there is no port. */
static size_t find_port(const struct script_word *word)
{
	size_t i = word->len, n_colons = 0;

	for (size_t j = 0; j < word->len; j++)
		n_colons += word->text[j] == ':';
	while (i > 0 && word->text[i - 1] != ':')
		i--;
	/* Several colons without brackets are an IPv6 address alone. */
	if (i == 0 || (n_colons > 1 && (word->text[0] != '[' || i < 2 || word->text[i - 2] != ']')))
		return 0;
	return i - 1;
}

bool script_end(struct script_line *line, const struct script_word *word, struct script_spec *spec, bool is_source)
{
	size_t host_len = spec->has_ports ? find_port(word) : 0;
	struct script_word host = *word, port = *word;
	enum family family;
	struct address *address = is_source ? &spec->source : &spec->destination;

	if (spec->has_ports && host_len == 0 && word->len) {
		diag_error(line->diagnostics, word->where, NULL, "a port is missing: ADDRESS:PORT%s",
			   memchr(word->text, ':', word->len) ? ", for IPv6 [ADDRESS]:PORT" : "");
		return false;
	}
	if (host_len) {
		port.text += host_len + 1;
		port.where.len = (uint32_t)(port.len -= host_len + 1);
		port.where.offset += (uint32_t)host_len + 1;
		host.where.len = (uint32_t)(host.len = host_len);
		if (!script_number(line, &port, "a port", 65535, is_source ? &spec->source_port : &spec->destination_port))
			return false;
	}
	if (host.len > 2 && host.text[0] == '[' && host.text[host.len - 1] == ']') {
		host.text++;
		host.len -= 2;
	}
	if (!script_address(line, &host, &family, address, is_source ? &spec->source_host : &spec->destination_host))
		return false;
	if (!is_source && family != spec->family) {
		diag_error(line->diagnostics, word->where, NULL, "one end is IPv4, the other IPv6");
		return false;
	}
	spec->family = family;
	return true;
}

bool script_mac(const struct script_word *word, uint8_t mac[6])
{
	if (word->len != 17)
		return false;
	for (size_t i = 0; i < 6; i++) {
		uint64_t value;

		if (!read_digits(word->text + 3 * i, 2, 16, &value) || (i < 5 && word->text[3 * i + 2] != ':'))
			return false;
		mac[i] = (uint8_t)value;
	}
	return true;
}

/* One character of a string, escapes included; moves past it. False for an escape that there is none of. */
static bool read_character(const char **at, const char *end, uint8_t *value)
{
	static const char escapes[] = "n\nr\rt\t0\0\"\"\\\\";
	uint64_t number;

	if (**at != '\\') {
		*value = (uint8_t)*(*at)++;
		return true;
	}
	(*at)++;
	if (end - *at >= 3 && **at == 'x' && read_digits(*at + 1, 2, 16, &number)) {
		*value = (uint8_t)number;
		*at += 3;
		return true;
	}
	for (size_t i = 0; i + 1 < sizeof(escapes) && *at < end; i += 2) {
		if (escapes[i] == **at) {
			*value = (uint8_t)escapes[i + 1];
			(*at)++;
			return true;
		}
	}
	return false;
}

const uint8_t script_zeros[SCRIPT_LONGEST];

static bool read_string(struct script_line *line, const struct script_word *word, struct script_spec *spec)
{
	const char *at = word->text + 1, *end = word->text + word->len - 1;
	uint8_t *bytes;

	if (word->len < 2 || word->text[0] != '"' || *end != '"') {
		diag_error(line->diagnostics, word->where, NULL, "data needs a text in double quotes");
		return false;
	}
	spec->payload = bytes = arena_alloc(&line->script->arena, word->len);
	while (at < end) {
		if (!read_character(&at, end, &bytes[spec->payload_len])) {
			diag_error(line->diagnostics, word->where, NULL,
				   "unknown escape in the text: there are \\n \\r \\t \\0 \\\" \\\\ and \\xHH");
			return false;
		}
		spec->payload_len++;
	}
	return true;
}

static bool read_hex(struct script_line *line, const struct script_word *word, struct script_spec *spec)
{
	uint8_t *bytes = arena_alloc(&line->script->arena, word->len / 2 + 1);

	spec->payload_len = (uint32_t)(word->len / 2);
	spec->payload = bytes;
	for (size_t i = 0; i < spec->payload_len || word->len % 2 || !word->len; i++) {
		uint64_t value;

		if (word->len % 2 || !word->len || !read_digits(word->text + 2 * i, 2, 16, &value)) {
			diag_error(line->diagnostics, word->where, NULL, "hex needs pairs of hexadecimal digits");
			return false;
		}
		bytes[i] = (uint8_t)value;
	}
	return true;
}

bool script_payload(struct script_line *line, const struct script_word *kind, struct script_spec *spec)
{
	bool is_bare = kind->text[0] == '"';
	struct script_word word = is_bare ? *kind : script_next(line);

	if (spec->has_payload) {
		diag_error(line->diagnostics, kind->where, NULL, "a packet has one of len, data and hex");
		return false;
	}
	spec->has_payload = true;
	if (is_bare || script_word_is(kind, "data"))
		return read_string(line, &word, spec);
	if (script_word_is(kind, "hex"))
		return read_hex(line, &word, spec);
	if (!script_number(line, &word, "len", SCRIPT_LONGEST, &spec->payload_len))
		return false;
	spec->payload = script_zeros;
	return true;
}
