/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/mapping.h"

#include <string.h>

#include "packet/protocol.h"

/* What an option's word is made of: addresses, and behind a colon the ports. */
struct parts {
	const char *addresses;
	size_t len;			/* of the addresses; 0: there are none */
	const char *ports;		/* at its colon; NULL: there are none */
};

/* A part of an option's word, as options_*() want it. */
static struct option_word part_of(const struct argument *value, const char *at, size_t len)
{
	size_t kept = len > OPTION_WORD_LONGEST ? OPTION_WORD_LONGEST - 3 : len;
	struct option_word word = { .where = value->where };

	memcpy(word.text, at, kept);
	strcpy(word.text + kept, kept < len ? "..." : "");
	return word;
}

static bool parse_one_address(const struct option_word *word, enum family expected, struct address *address,
			      struct diagnostics *diagnostics)
{
	enum family family;

	if (address_parse(word->text, strlen(word->text), &family, address) && family == expected)
		return true;
	diag_error(diagnostics, word->where, NULL, "\"%s\" is not an %s address", word->text,
		   expected == FAMILY_IPV6 ? "IPv6" : "IPv4");
	return false;
}

static bool parse_addresses(struct mapping *mapping, const struct argument *value, const struct parts *parts,
			    struct diagnostics *diagnostics)
{
	const char *dash = memchr(parts->addresses, '-', parts->len);
	size_t first_len = dash ? (size_t)(dash - parts->addresses) : parts->len;
	struct option_word word = part_of(value, parts->addresses, first_len);
	struct nat_range *range = &mapping->range;

	range->flags |= NAT_MAP_ADDRESS;
	if (!parse_one_address(&word, mapping->family, &range->first, diagnostics))
		return false;
	range->last = range->first;
	if (!dash)
		return true;
	word = part_of(value, dash + 1, parts->len - first_len - 1);
	if (!parse_one_address(&word, mapping->family, &range->last, diagnostics))
		return false;
	if (address_compare(&range->first, &range->last) > 0)
		diag_warning(diagnostics, value->where, "the smaller one comes first",
			     "the range %.*s runs backwards", (int)parts->len, parts->addresses);
	return true;
}

/* A number at *at, which moves behind it; only the first port may be a service's name, which fills all of the rest. */
static bool parse_port(const struct argument *value, const char **at, bool may_be_name, uint16_t *port,
		       struct diagnostics *diagnostics)
{
	struct option_word word = part_of(value, *at, strcspn(*at, may_be_name ? "" : "/"));
	const char *end;
	uint64_t number;

	if (options_read_number(*at, &end, &number) && number <= UINT16_MAX) {
		*port = (uint16_t)number;
		*at = end;
		return true;
	}
	if (may_be_name && word.text[0] && protocol_parse_service(word.text, port)) {
		*at += strlen(*at);
		return true;
	}
	if (!word.text[0])
		diag_error(diagnostics, word.where, NULL, "a port is missing");
	else
		diag_error(diagnostics, word.where, NULL, "\"%s\" is not a port", word.text);
	return false;
}

static bool fail_ports(const struct argument *value, const char *hint, const char *text,
		       struct diagnostics *diagnostics)
{
	diag_error(diagnostics, value->where, hint, "\"%s\" is not a port or a range of ports", text);
	return false;
}

/* "/port" behind a range: the port that the first of the range stands for. */
static bool parse_base(struct nat_range *range, const struct argument *value, const char *at,
		       struct diagnostics *diagnostics)
{
	if (!parse_port(value, &at, true, &range->base_port, diagnostics))
		return false;
	if (!range->base_port || *at) {
		diag_error(diagnostics, value->where, NULL, "the port behind the slash is one from 1 to 65535");
		return false;
	}
	range->flags |= NAT_SHIFT_PORT;
	return true;
}

static bool parse_port_range(struct nat_range *range, const struct argument *value, const char *at,
			     struct diagnostics *diagnostics)
{
	const char *text = at;

	range->flags |= NAT_MAP_PORT;
	if (!parse_port(value, &at, true, &range->first_port, diagnostics))
		return false;
	range->last_port = range->first_port;
	if (!*at)
		return true;
	if (*at != '-')
		return fail_ports(value, *at == ':' ? "a range of ports here is FIRST-LAST" : NULL, text, diagnostics);
	at++;
	if (!parse_port(value, &at, false, &range->last_port, diagnostics))
		return false;
	if (range->last_port < range->first_port) {
		diag_error(diagnostics, value->where, "the smaller one comes first", "the range of ports %s is empty", text);
		return false;
	}
	if (!*at)
		return true;
	if (*at != '/')
		return fail_ports(value, NULL, text, diagnostics);
	return parse_base(range, value, at + 1, diagnostics);
}

/* The ports begin at a single colon, or at the one behind brackets. */
static bool split(const struct argument *value, enum family family, struct parts *parts, struct diagnostics *diagnostics)
{
	const char *text = value->text, *colon = strchr(text, ':'), *close;

	*parts = (struct parts){ .addresses = text, .len = colon ? (size_t)(colon - text) : strlen(text), .ports = colon };
	if (family != FAMILY_IPV6)
		return true;
	if (*text != '[') {
		if (colon && strchr(colon + 1, ':'))
			*parts = (struct parts){ .addresses = text, .len = strlen(text) };
		return true;
	}
	close = strchr(text, ']');
	if (!close || (close[1] && close[1] != ':')) {
		diag_error(diagnostics, value->where, "expected [address]:port", "\"%s\" is not an address with ports", text);
		return false;
	}
	*parts = (struct parts){
		.addresses = text + 1, .len = (size_t)(close - text) - 1, .ports = close[1] ? close + 1 : NULL,
	};
	return true;
}

bool mapping_parse(void *config, const struct argument *value, const struct extension_place *place,
		   struct diagnostics *diagnostics)
{
	enum { BRACKETS = 2 };

	struct mapping *mapping = config;
	struct parts parts;

	mapping->family = (uint8_t)place->family;
	if (!split(value, place->family, &parts, diagnostics))
		return false;
	if (parts.ports && !parse_port_range(&mapping->range, value, parts.ports + 1, diagnostics))
		return false;
	if (parts.ports && !parts.len)
		return true;
	/* iptables 1.8.9, libxt_NAT.c: parse_to() takes any two letters before the colon for IPv6's empty brackets. */
	if (parts.ports && parts.len == BRACKETS && place->family != FAMILY_IPV6) {
		diag_warning(diagnostics, value->where, NULL, "\"%.*s\" is no address, and iptables does not look at it", BRACKETS,
			     parts.addresses);
		return true;
	}
	return parse_addresses(mapping, value, &parts, diagnostics);
}

bool mapping_parse_ports(void *config, const struct argument *value, const struct extension_place *place,
			 struct diagnostics *diagnostics)
{
	struct mapping *mapping = config;

	(void)place;
	return parse_port_range(&mapping->range, value, value->text, diagnostics);
}

bool mapping_check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct mapping *mapping = config;
	uint8_t protocol = place->protocol;

	if (options_is_seen(&mapping->marks, MAPPING_RANDOM))
		mapping->range.flags |= NAT_RANDOM;
	if (options_is_seen(&mapping->marks, MAPPING_RANDOM_FULLY))
		mapping->range.flags |= NAT_RANDOM_FULLY;
	if (options_is_seen(&mapping->marks, MAPPING_PERSISTENT))
		mapping->range.flags |= NAT_PERSISTENT;
	/* iptables 1.8.9 lets `! -p tcp` pass, and ICMP, whose identifier is the port then. */
	if (!(mapping->range.flags & NAT_MAP_PORT) || protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP ||
	    protocol == PROTOCOL_SCTP || protocol == PROTOCOL_DCCP || protocol == PROTOCOL_ICMP)
		return true;
	diag_error(diagnostics, place->where, "the rule needs -p tcp, udp, sctp or dccp", "a port needs a protocol that has ports");
	return false;
}

bool mapping_could_make(const void *config, const struct address *address, uint16_t port, uint16_t *port_before)
{
	const struct nat_range *range = &((const struct mapping *)config)->range;

	if (range->flags & NAT_MAP_ADDRESS &&
	    (address_compare(address, &range->first) < 0 || address_compare(address, &range->last) > 0))
		return false;
	if (!(range->flags & NAT_MAP_PORT))
		return true;
	if (range->flags & NAT_SHIFT_PORT)
		*port_before = (uint16_t)(port - range->first_port + range->base_port);
	return port >= range->first_port && port <= range->last_port;
}

void mapping_print_ports(const struct mapping *mapping, struct text *out)
{
	const struct nat_range *range = &mapping->range;

	if (!(range->flags & NAT_MAP_PORT))
		return;
	text_append_u64(out, range->first_port);
	if (range->last_port != range->first_port)
		text_printf(out, "-%u", range->last_port);
	if (range->flags & NAT_SHIFT_PORT)
		text_printf(out, "/%u", range->base_port);
}

void mapping_print_range(const struct mapping *mapping, struct text *out)
{
	const struct nat_range *range = &mapping->range;
	bool has_ports = (range->flags & NAT_MAP_PORT) != 0;
	bool has_brackets = has_ports && mapping->family == FAMILY_IPV6;

	if (range->flags & NAT_MAP_ADDRESS) {
		if (has_brackets)
			text_append_char(out, '[');
		address_print(mapping->family, &range->first, out);
		if (!address_is_equal(&range->first, &range->last)) {
			text_append_char(out, '-');
			address_print(mapping->family, &range->last, out);
		}
		if (has_brackets)
			text_append_char(out, ']');
	}
	if (has_ports)
		text_append_char(out, ':');
	mapping_print_ports(mapping, out);
}

void mapping_print_flags(const struct mapping *mapping, const char *dashes, struct text *out)
{
	static const struct { uint32_t flag; const char *name; } flags[] = {
		{ NAT_RANDOM, "random" }, { NAT_RANDOM_FULLY, "random-fully" }, { NAT_PERSISTENT, "persistent" },
	};

	for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (mapping->range.flags & flags[i].flag)
			text_printf(out, " %s%s", dashes, flags[i].name);
	}
}

enum target_verdict mapping_request(struct subject *subject, const struct nat_range *range)
{
	subject->request.has_mapping = true;
	subject->request.mapping = *range;
	return TARGET_ACCEPT;
}

enum target_verdict mapping_request_address(struct subject *subject, const struct nat_range *range,
					    const struct address *address)
{
	if (!address)
		return TARGET_DROP;
	mapping_request(subject, range);
	subject->request.mapping.flags |= NAT_MAP_ADDRESS;
	subject->request.mapping.first = subject->request.mapping.last = *address;
	return TARGET_ACCEPT;
}

enum target_verdict mapping_eval(const void *config, void *state, struct subject *subject)
{
	(void)state;
	return mapping_request(subject, &((const struct mapping *)config)->range);
}

void mapping_print(const struct mapping *mapping, const char *option, struct text *out)
{
	text_printf(out, " %s ", option);
	mapping_print_range(mapping, out);
	mapping_print_flags(mapping, "--", out);
}

void mapping_list(const void *config, struct text *out)
{
	text_append(out, " to:");
	mapping_print_range(config, out);
	mapping_print_flags(config, "", out);
}
