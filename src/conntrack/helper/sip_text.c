/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/helper/sip_text.h"

#include <string.h>
#include <strings.h>

enum { SIP_PORT = 5060, LOWEST_PORT = 1024, PORT_DIGITS = 5, NUMBER_DIGITS = 11, NOWHERE = -1 };

static uint8_t byte_at(const struct sip_text *text, int at)
{
	return at >= 0 && at < text->len ? text->bytes[at] : 0;
}

bool sip_text_has(const struct sip_text *text, int at, const char *word)
{
	int len = (int)strlen(word);

	return at >= 0 && text->len - at >= len && strncasecmp((const char *)text->bytes + at, word, (size_t)len) == 0;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* As the kernel's isalpha(): letters of Latin-1 are letters. */
static bool is_alpha(uint8_t c)
{
	uint8_t lower = c | 0x20;

	return (lower >= 'a' && lower <= 'z') || (c >= 0xc0 && c != 0xd7 && c != 0xf7);
}

static bool is_line_end(uint8_t c)
{
	return c == '\r' || c == '\n';
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static int skip_digits(const struct sip_text *text, int at)
{
	while (at < text->len && is_digit(text->bytes[at]))
		at++;
	return at;
}

static int skip_letters(const struct sip_text *text, int at)
{
	while (at < text->len && is_alpha(text->bytes[at]))
		at++;
	return at;
}

uint32_t sip_text_number(const struct sip_text *text, int at, int *end)
{
	uint64_t value = 0;
	int start = at;

	*end = start;
	for (; at < text->len && is_digit(text->bytes[at]); at++) {
		value = value * 10 + (uint64_t)(text->bytes[at] - '0');
		if (value > UINT32_MAX || at - start >= NUMBER_DIGITS)
			return 0;
	}
	*end = at;
	return (uint32_t)value;
}

/* A dotted quad, ended by whatever cannot be part of a number. Linux 6.18, in4_pton() with any delimiter. */
static int read_ipv4(const struct sip_text *text, int at, struct address *address)
{
	uint8_t bytes[4];

	for (int i = 0; i < 4; i++) {
		unsigned value = 0;
		int start = at;

		for (; is_digit(byte_at(text, at)); at++) {
			value = value * 10 + (unsigned)(text->bytes[at] - '0');
			if (value > 255)
				return NOWHERE;
		}
		if (at == start || (i < 3 && byte_at(text, at++) != '.'))
			return NOWHERE;
		bytes[i] = (uint8_t)value;
	}
	if (byte_at(text, at) == '.' || strchr("abcdefABCDEF", byte_at(text, at) ? byte_at(text, at) : ' '))
		return NOWHERE;
	*address = address_from_bytes(FAMILY_IPV4, bytes);
	return at;
}

/* The longest run of what IPv6 addresses are made of. */
static int read_ipv6(const struct sip_text *text, int at, struct address *address)
{
	enum family family;
	int end = at;

	while (end < text->len && text->bytes[end] && strchr("0123456789abcdefABCDEF:.", text->bytes[end]))
		end++;
	if (!address_parse((const char *)text->bytes + at, (size_t)(end - at), &family, address) || family != FAMILY_IPV6)
		return NOWHERE;
	return end;
}

static int read_plain_address(const struct sip_text *text, int at, struct address *address)
{
	return text->family == FAMILY_IPV6 ? read_ipv6(text, at, address) : read_ipv4(text, at, address);
}

/* An address; IPv6 in brackets, which may be missing where they are not needed. NOWHERE, or behind it. */
static int read_address(const struct sip_text *text, int at, bool needs_brackets, struct address *address)
{
	if (text->family == FAMILY_IPV4)
		return read_ipv4(text, at, address);
	if (byte_at(text, at) == '[')
		at++;
	else if (needs_brackets)
		return NOWHERE;
	at = read_ipv6(text, at, address);
	if (at == NOWHERE)
		return NOWHERE;
	if (byte_at(text, at) == ']')
		return at + 1;
	return needs_brackets ? NOWHERE : at;
}

/* ":5060", or nothing, which is the same. NOWHERE, or behind it. */
static int read_port(const struct sip_text *text, int at, uint16_t *port)
{
	uint32_t value;
	int end;

	if (at >= text->len)
		return NOWHERE;
	*port = SIP_PORT;
	if (text->bytes[at] != ':')
		return at;
	value = sip_text_number(text, ++at, &end);
	if (end == at || end - at > PORT_DIGITS || end >= text->len || value < LOWEST_PORT || value > UINT16_MAX)
		return NOWHERE;
	*port = (uint16_t)value;
	return end;
}

static int read_endpoint(const struct sip_text *text, int at, struct sip_endpoint *endpoint)
{
	at = read_address(text, at, true, &endpoint->address);
	return at == NOWHERE ? NOWHERE : read_port(text, at, &endpoint->port);
}

/* Behind the user of "user@address", on the same line. */
static int skip_user(const struct sip_text *text, int at)
{
	for (int i = at; i < text->len && !is_line_end(text->bytes[i]); i++)
		if (text->bytes[i] == '@')
			return i + 1;
	return at;
}

/* From the end of a line to what goes on with blanks on the next one; NOWHERE when it does not. */
static int follow_line(const struct sip_text *text, int at, int limit)
{
	if (++at >= limit)
		return NOWHERE;
	if (text->bytes[at - 1] == '\r' && text->bytes[at] == '\n' && ++at >= limit)
		return NOWHERE;
	if (!is_blank(text->bytes[at]))
		return NOWHERE;
	while (at < limit && is_blank(text->bytes[at]))
		at++;
	return at;
}

static int skip_blanks(const struct sip_text *text, int at)
{
	while (at < text->len && is_blank(text->bytes[at]))
		at++;
	if (at < text->len && is_line_end(text->bytes[at]))
		at = follow_line(text, at, text->len);
	return at < text->len ? at : NOWHERE;
}

/* A word within a header's value, lines that go on included; never the last thing in front of `limit`. */
static int search_value(const struct sip_text *text, int at, int limit, const char *word)
{
	limit -= (int)strlen(word);
	for (; at < limit; at++) {
		if (is_line_end(text->bytes[at])) {
			at = follow_line(text, at, limit);
			if (at == NOWHERE)
				return NOWHERE;
			continue;	/* as Linux does it, which steps over one character more */
		}
		if (sip_text_has(text, at, word))
			return at;
	}
	return NOWHERE;
}

static int search_line(const struct sip_text *text, int at, const char *word)
{
	int len = (int)strlen(word), limit = text->len - len;

	for (; at < limit && !is_line_end(text->bytes[at]); at++)
		if (memcmp(text->bytes + at, word, (size_t)len) == 0)
			return at;
	return NOWHERE;
}

/* The beginning of the line behind the first end of line from `at` on; NOWHERE: there is none. */
static int next_line(const struct sip_text *text, int at)
{
	while (at < text->len && !is_line_end(text->bytes[at]))
		at++;
	if (++at < text->len && text->bytes[at - 1] == '\r' && text->bytes[at] == '\n')
		at++;
	return at < text->len ? at : NOWHERE;
}

enum value_kind { VALUE_NUMBER, VALUE_ENDPOINT, VALUE_USER_ENDPOINT };

static const struct header_type {
	const char *name, *short_name;
	const char *search;	/* what its value stands behind; NULL: it comes at once */
	enum value_kind kind;
} header_types[] = {
	[SIP_CSEQ] = { "CSeq", NULL, NULL, VALUE_NUMBER },
	[SIP_FROM] = { "From", "f", "sip:", VALUE_USER_ENDPOINT },
	[SIP_TO] = { "To", "t", "sip:", VALUE_USER_ENDPOINT },
	[SIP_CONTACT] = { "Contact", "m", "sip:", VALUE_USER_ENDPOINT },
	[SIP_VIA_UDP] = { "Via", "v", "UDP ", VALUE_ENDPOINT },
	[SIP_VIA_TCP] = { "Via", "v", "TCP ", VALUE_ENDPOINT },
	[SIP_EXPIRES] = { "Expires", NULL, NULL, VALUE_NUMBER },
	[SIP_CONTENT_LENGTH] = { "Content-Length", "l", NULL, VALUE_NUMBER },
};

/* The value of a kind at `at`; false: it is none. */
static bool find_value(const struct sip_text *text, int at, enum value_kind kind, struct sip_span *span)
{
	struct sip_endpoint endpoint;
	int end;

	if (kind == VALUE_USER_ENDPOINT)
		at = skip_user(text, at);
	end = kind == VALUE_NUMBER ? skip_digits(text, at) : read_endpoint(text, at, &endpoint);
	if (end == NOWHERE || end == at)
		return false;
	*span = (struct sip_span){ .at = at, .len = end - at };
	return true;
}

/* Behind a header's name when it stands at `at`. A short name must not be the beginning of a longer one. */
static int skip_name(const struct sip_text *text, int at, const struct header_type *type)
{
	if (sip_text_has(text, at, type->name))
		return at + (int)strlen(type->name);
	if (type->short_name && text->len - at >= 2 && sip_text_has(text, at, type->short_name) &&
	    !is_alpha(text->bytes[at + 1]))
		return at + 1;
	return NOWHERE;
}

enum sip_found sip_text_find_header(const struct sip_text *text, int from, enum sip_header header, struct sip_span *span)
{
	const struct header_type *type = &header_types[header];

	for (int line = next_line(text, from); line != NOWHERE; line = next_line(text, line + 1)) {
		int at;

		if (is_blank(text->bytes[line]))
			continue;
		at = skip_name(text, line, type);
		if (at == NOWHERE)
			continue;
		at = skip_blanks(text, at);
		if (at == NOWHERE || text->bytes[at] != ':' || ++at >= text->len)
			return SIP_MISSING;
		at = skip_blanks(text, at);
		if (at == NOWHERE)
			return SIP_MISSING;
		span->at = at;
		if (type->search) {
			at = search_value(text, at, text->len, type->search);
			if (at == NOWHERE)
				return SIP_MALFORMED;
			at += (int)strlen(type->search);
		}
		return find_value(text, at, type->kind, span) ? SIP_FOUND : SIP_MALFORMED;
	}
	return SIP_MISSING;
}

/* The next one in a list with commas. Linux 6.18, ct_sip_next_header(). */
static enum sip_found find_in_list(const struct sip_text *text, int from, const struct header_type *type,
				   struct sip_span *span)
{
	int at = search_value(text, from, text->len, ",");

	if (at == NOWHERE)
		return SIP_MISSING;
	at = search_value(text, at, text->len, type->search);
	if (at == NOWHERE)
		return SIP_MISSING;
	at += (int)strlen(type->search);
	span->at = at;
	return find_value(text, at, type->kind, span) ? SIP_FOUND : SIP_MALFORMED;
}

enum sip_found sip_text_find_address(const struct sip_text *text, int *from, enum sip_header header, bool *in_header,
				     struct sip_span *span, struct sip_endpoint *endpoint)
{
	int at = from ? *from : 0, end;
	enum sip_found found = SIP_MISSING;

	if (in_header && *in_header)
		while ((found = find_in_list(text, at, &header_types[header], span)) == SIP_MALFORMED)
			at = span->at;
	if (found != SIP_FOUND) {
		while ((found = sip_text_find_header(text, at, header, span)) == SIP_MALFORMED)
			at = span->at;
		if (in_header)
			*in_header = found == SIP_FOUND;
	}
	if (found != SIP_FOUND)
		return SIP_MISSING;
	end = read_endpoint(text, span->at, endpoint);
	if (end == NOWHERE)
		return SIP_MALFORMED;
	if (from)
		*from = end;
	return SIP_FOUND;
}

enum sip_found sip_text_find_target(const struct sip_text *text, struct sip_span *span, struct sip_endpoint *endpoint)
{
	int at = skip_letters(text, 0), end;

	if (at == 0 || ++at >= text->len)
		return SIP_MISSING;
	for (; at < text->len - 4; at++) {
		if (is_line_end(text->bytes[at]))
			return SIP_MALFORMED;
		if (sip_text_has(text, at, "sip:")) {
			at += 4;
			break;
		}
	}
	at = skip_user(text, at);
	end = read_endpoint(text, at, endpoint);
	if (end == NOWHERE)
		return SIP_MISSING;
	*span = (struct sip_span){ .at = at, .len = end - at };
	return SIP_FOUND;
}

/* Behind "name=" in the header value that goes on at `from`, and where that ends. Linux 6.18, ct_sip_parse_param(). */
static int search_param(const struct sip_text *text, int from, const char *name, int *limit)
{
	int at;

	*limit = search_value(text, from, text->len, ",");
	if (*limit == NOWHERE)
		*limit = text->len;
	at = search_value(text, from, *limit, name);
	return at == NOWHERE ? NOWHERE : at + (int)strlen(name);
}

enum sip_found sip_text_find_param(const struct sip_text *text, int from, const char *name, struct sip_span *span)
{
	int limit, end, at = search_param(text, from, name, &limit);

	if (at == NOWHERE)
		return SIP_MISSING;
	end = search_value(text, at, limit, ";");
	*span = (struct sip_span){ .at = at, .len = (end == NOWHERE ? limit : end) - at };
	return SIP_FOUND;
}

enum sip_found sip_text_find_address_param(const struct sip_text *text, int from, const char *name, bool has_brackets,
					   struct sip_span *span, struct address *address)
{
	struct sip_text value = *text;
	int end, at = search_param(text, from, name, &value.len);

	if (at == NOWHERE)
		return SIP_MISSING;
	end = read_address(&value, at, has_brackets, address);
	if (end == NOWHERE)
		return SIP_MISSING;
	*span = (struct sip_span){ .at = at, .len = end - at };
	return SIP_FOUND;
}

enum sip_found sip_text_find_number_param(const struct sip_text *text, int from, const char *name, struct sip_span *span,
					  uint32_t *value)
{
	struct sip_text limited = *text;
	int end, at = search_param(text, from, name, &limited.len);

	if (at == NOWHERE)
		return SIP_MISSING;
	*value = sip_text_number(&limited, at, &end);
	if (end == at)
		return SIP_MALFORMED;
	*span = (struct sip_span){ .at = at, .len = end - at };
	return SIP_FOUND;
}

static const char *const sdp_names[] = {
	[SDP_VERSION] = "v=", [SDP_OWNER] = "o=", [SDP_CONNECTION] = "c=", [SDP_MEDIA] = "m=",
};

/* "audio 4000" */
static int skip_media(const struct sip_text *text, int at)
{
	at = skip_letters(text, at);
	return byte_at(text, at) == ' ' ? skip_digits(text, at + 1) : NOWHERE;
}

static bool find_sdp_value(const struct sip_text *text, int at, enum sdp_header header, struct sip_span *span)
{
	struct address address;
	int end;

	switch (header) {
	case SDP_VERSION:
		end = skip_digits(text, at);
		break;
	case SDP_MEDIA:
		end = skip_media(text, at);
		break;
	default:
		at = search_line(text, at, text->family == FAMILY_IPV6 ? "IN IP6 " : "IN IP4 ");
		if (at == NOWHERE)
			return false;
		at += 7;
		end = read_plain_address(text, at, &address);
	}
	if (end == NOWHERE || end == at)
		return false;
	*span = (struct sip_span){ .at = at, .len = end - at };
	return true;
}

enum sip_found sip_text_find_sdp(const struct sip_text *text, int from, enum sdp_header header, enum sdp_header stop,
				 struct sip_span *span)
{
	for (int line = next_line(text, from); line != NOWHERE; line = next_line(text, line + 1)) {
		if (stop != SDP_NOTHING && sip_text_has(text, line, sdp_names[stop]))
			return SIP_MISSING;
		if (sip_text_has(text, line, sdp_names[header]))
			return find_sdp_value(text, line + 2, header, span) ? SIP_FOUND : SIP_MALFORMED;
	}
	return SIP_MISSING;
}

enum sip_found sip_text_find_sdp_address(const struct sip_text *text, int from, enum sdp_header header,
					 enum sdp_header stop, struct sip_span *span, struct address *address)
{
	enum sip_found found = sip_text_find_sdp(text, from, header, stop, span);

	if (found == SIP_FOUND)
		read_plain_address(text, span->at, address);
	return found;
}
