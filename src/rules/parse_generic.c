/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of iptables' own options: addresses with masks, interfaces, protocols, counters. */
#include <ctype.h>
#include <string.h>

#include "packet/protocol.h"
#include "rules/options.h"
#include "rules/parse.h"

bool parse_u64(const char *text, uint64_t *value)
{
	*value = 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		unsigned digit = (unsigned)(unsigned char)*text - '0';

		if (digit > 9 || *value > (UINT64_MAX - digit) / 10)
			return false;
		*value = *value * 10 + digit;
	}
	return true;
}

static bool parse_host(enum family family, const char *text, struct address *address)
{
	enum family found;

	if (family == FAMILY_IPV4)
		return options_read_host(text, address);
	return address_parse(text, strlen(text), &found, address) && found == FAMILY_IPV6;
}

static bool parse_mask(enum family family, const char *text, struct address *mask)
{
	unsigned most = family == FAMILY_IPV6 ? 128 : 32;
	uint64_t prefix_len;
	enum family found;
	const char *end;

	/* As xtables_strtoui() reads it: "010" is 8. */
	if (options_read_number(text, &end, &prefix_len) && !*end) {
		*mask = address_prefix_mask(family, (unsigned)prefix_len);
		return prefix_len <= most;
	}
	return address_parse(text, strlen(text), &found, mask) && found == family;
}

static struct source_range part_of(const struct argument *word, size_t offset, size_t len)
{
	struct source_range where = word->where;

	if (!word->is_as_written)
		return where;
	where.offset += (uint32_t)offset;
	where.len = (uint32_t)len;
	return where;
}

static bool has_letter(const char *text)
{
	while (*text && !isalpha((unsigned char)*text))
		text++;
	return *text != '\0';
}

/* What people write for an address, and what to write instead; NULL for something else. */
static const char *meant_by(struct invocation *invocation, const char *text)
{
	struct arena *arena = &invocation->parser->ast->arena;
	size_t digits = strspn(text, "0123456789.");
	struct text hint;
	const char *copy;

	if (strcmp(text, "any") == 0 || strcmp(text, "all") == 0 || strcmp(text, "*") == 0)
		return "leave the option out: then any address will do";
	if (digits < 7 && !(text[0] == '!') && !strchr(text, '*')) {
		size_t letters = strspn(text, "abcdefghijklmnopqrstuvwxyz");

		return letters && letters < strlen(text) && isdigit((unsigned char)text[letters]) && strlen(text) <= INTERFACE_LONGEST ?
			"is it an interface? -i eth0 (in) or -o eth0 (out)" : NULL;
	}
	text_init(&hint);
	if (text[0] == '!')
		text_printf(&hint, "the `!` stands before the option: ! -s %s", text + 1);
	else if (text[digits] == '-')
		text_printf(&hint, "a range is written -m iprange --src-range %s", text);
	else if (text[digits] == ':' && invocation->family == FAMILY_IPV4)
		text_append(&hint, "a port is an option of its own: --sport or --dport");
	else if (text[digits] == '\\')
		text_printf(&hint, "a prefix length stands behind a slash: %.*s/%s", (int)digits, text, text + digits + 1);
	else if (strchr(text, '*'))
		text_append(&hint, "a network is written 192.0.2.0/24");
	copy = hint.len ? arena_copy_string(arena, text_string(&hint)) : NULL;
	text_clear(&hint);
	return copy;
}

/* Why is it no address of this family? */
static void report_address(struct invocation *invocation, const char *text, struct source_range where)
{
	struct arena *arena = &invocation->parser->ast->arena;
	enum family found = FAMILY_NONE;
	struct address other;
	bool is_other = address_parse(text, strlen(text), &found, &other) && found != invocation->family;
	const char *meant = meant_by(invocation, text);

	if (is_other)
		parse_error(invocation, where,
			    found == FAMILY_IPV6 ? "an IPv6 address belongs into ip6tables rules" :
						   "an IPv4 address belongs into iptables rules",
			    "%s is not an IPv%d address", lex_shorten(arena, text), invocation->family);
	else if (!*text)
		parse_error(invocation, where, "like 192.0.2.1; in a list there are no blanks: 192.0.2.1,192.0.2.2",
			    "an address is missing here");
	else if (meant)
		parse_error(invocation, where, meant, "\"%s\" is not an address", lex_shorten(arena, text));
	else if (has_letter(text) && !strchr(text, ':'))
		parse_error(invocation, where, "names are not looked up: write the address", "host name \"%s\"",
			    lex_shorten(arena, text));
	else
		parse_error(invocation, where, invocation->family == FAMILY_IPV6 ? "like 2001:db8::1 or 2001:db8::/32" :
										  "like 192.0.2.1 or 192.0.2.0/24",
			    "\"%s\" is not an address", lex_shorten(arena, text));
}

/* 010.1.1.1 is 8.1.1.1, and 256 is 0.0.1.0: people may mean something else. Numbers that are left out are another matter. */
static void warn_of_unusual(struct invocation *invocation, const char *host, const struct address *address, struct source_range where)
{
	struct text is, parts;
	bool is_usual;

	text_init(&is);
	text_init(&parts);
	address_print(invocation->family, address, &is);
	text_append(&parts, host);
	for (size_t n = strspn(host, "0123456789."), dots = 0; !host[n] && dots < 3; dots++)
		text_append(&parts, ".0");
	is_usual = strncmp(text_string(&parts), text_string(&is), is.len) == 0;
	if (invocation->family == FAMILY_IPV4 && !is_usual)
		diag_warning(invocation->parser->diagnostics, where, "numbers of an address are decimal unless they begin with 0; the last fills what is left",
			     "\"%s\" is read as %s", lex_shorten(&invocation->parser->ast->arena, host), text_string(&is));
	text_clear(&parts);
	text_clear(&is);
}

/* "ADDR[/MASK]" at text[offset .. offset+len-1] of the word. */
static bool parse_one_address(struct invocation *invocation, const struct argument *word, size_t offset, size_t len,
			      struct masked_address *range)
{
	struct arena *arena = &invocation->parser->ast->arena;
	const char *text = arena_copy(arena, word->text + offset, len), *host;
	const char *slash = strrchr(text, '/');
	size_t host_len = slash ? (size_t)(slash - text) : len;

	if (!slash) {
		range->mask = address_prefix_mask(invocation->family, 128);
	} else if (!parse_mask(invocation->family, slash + 1, &range->mask)) {
		parse_error(invocation, part_of(word, offset + host_len + 1, len - host_len - 1),
			    invocation->family == FAMILY_IPV6 ? "a prefix length is 0 to 128" :
				"a prefix length is 0 to 32; a mask looks like 255.255.255.0",
			    "bad mask \"%s\"", lex_shorten(arena, slash + 1));
		return false;
	}
	/* "any/0": with a mask of zero the name does not matter (libxtables 1.8.9, xtables_ipparse_multiple()). */
	if (slash && address_is_unspecified(&range->mask)) {
		range->address = (struct address){ .word = { 0 } };
		return true;
	}
	host = arena_copy(arena, text, host_len);
	if (!parse_host(invocation->family, host, &range->address)) {
		report_address(invocation, host, part_of(word, offset, host_len));
		return false;
	}
	warn_of_unusual(invocation, host, &range->address, part_of(word, offset, host_len));
	for (unsigned i = 0; i < 4; i++)
		range->address.word[i] &= range->mask.word[i];
	return true;
}

static bool parse_list(struct invocation *invocation, const struct argument *word, struct address_list *list)
{
	size_t offset = 0, n = 1;

	for (const char *comma = strchr(word->text, ','); comma; comma = strchr(comma + 1, ','))
		n++;
	if (n > ADDRESSES_MOST) {
		parse_error(invocation, word->where, NULL, "more than %d addresses in one option", ADDRESSES_MOST);
		return false;
	}
	list->items = arena_alloc(&invocation->parser->ast->arena, n * sizeof(*list->items));
	for (list->n_items = 0; list->n_items < n; list->n_items++) {
		size_t len = strcspn(word->text + offset, ",");

		if (!parse_one_address(invocation, word, offset, len, &list->items[list->n_items]))
			return false;
		offset += len + 1;
	}
	return true;
}

bool parse_addresses(struct invocation *invocation, struct parsed_option *option, bool is_source)
{
	struct address_list *list = is_source ? &invocation->source : &invocation->destination;
	const struct argument *word = parse_value(invocation, option, "address[/mask]");
	uint8_t test = is_source ? TEST_SOURCE : TEST_DESTINATION;

	if (!word || !parse_list(invocation, word, list))
		return false;
	list->option = option->name;
	invocation->rule->tests |= test;
	if (!option->is_inverted)
		return true;
	invocation->rule->inverted |= test;
	if (list->n_items > 1) {
		parse_error(invocation, word->where, "write one rule for each address",
			    "`!` cannot be used with a list of addresses");
		return false;
	}
	return true;
}

/* Names that iptables takes, and no interface has. */
static void doubt_interface(struct invocation *invocation, const struct argument *word)
{
	const char *hint = NULL;
	struct masked_address range;
	enum family family;

	if (address_parse_masked(word->text, strlen(word->text), &family, &range))
		hint = "an address is written -s or -d";
	else if (strchr(word->text, ','))
		hint = "one interface a rule";
	else if (strchr(word->text, '*'))
		hint = "for all that begin so write +: eth+";
	else if (strchr(word->text, ':'))
		hint = "packets come and go by the interface itself, not by its alias: leave out what is behind the colon";
	if (hint)
		diag_warning(invocation->parser->diagnostics, word->where, hint, "no interface is called \"%s\"", word->text);
}

bool parse_interface(struct invocation *invocation, struct parsed_option *option, bool is_in)
{
	const struct argument *word = parse_value(invocation, option, "interface");
	char *name = is_in ? invocation->rule->in : invocation->rule->out;
	uint8_t test = is_in ? TEST_IN : TEST_OUT;
	size_t len;

	if (!word)
		return false;
	len = strlen(word->text);
	if (len == 0) {
		parse_error(invocation, word->where, "leave the option out to mean any interface", "empty interface name");
		return false;
	}
	if (len > INTERFACE_LONGEST) {
		parse_error(invocation, word->where, "an interface name has at most 15 characters",
			    "interface name \"%s\" is too long", lex_shorten(&invocation->parser->ast->arena, word->text));
		return false;
	}
	memcpy(name, word->text, len + 1);
	doubt_interface(invocation, word);
	invocation->rule->tests |= test;
	if (option->is_inverted)
		invocation->rule->inverted |= test;
	return true;
}

static void report_protocol(struct invocation *invocation, const struct argument *word)
{
	const char *const *names = protocol_names();
	struct arena *arena = &invocation->parser->ast->arena;
	const char *nearest, *hint = NULL;
	struct text text;
	size_t n = 0;
	uint16_t port;

	while (names[n])
		n++;
	text_init(&text);
	nearest = diag_nearest(word->text, names, n);
	if (isdigit((unsigned char)word->text[0]))
		text_append(&text, "numbers are 0 to 255");
	else if (strpbrk(word->text, ",/|+") || strcmp(word->text, "both") == 0)
		text_append(&text, "a rule has one protocol: write a rule for each, or leave -p out to mean all");
	else if (protocol_parse_service(word->text, &port))
		text_printf(&text, "%s is a service: -p tcp --dport %s", word->text, word->text);
	else if (nearest)
		text_printf(&text, "did you mean %s?", nearest);
	if (text.len)
		hint = arena_copy_string(arena, text_string(&text));
	text_clear(&text);
	parse_error(invocation, word->where, hint, "unknown protocol \"%s\"", lex_shorten(arena, word->text));
}

bool parse_protocol(struct invocation *invocation, struct parsed_option *option)
{
	const struct argument *word = parse_value(invocation, option, "protocol");
	struct ast_rule *rule = invocation->rule;

	if (!word)
		return false;
	if (word->text[0] == '-') {
		parse_error(invocation, option->name.where, "-p tcp", "%s needs a value", option->name.text);
		return false;
	}
	if (!protocol_parse(word->text, &rule->protocol)) {
		report_protocol(invocation, word);
		return false;
	}
	if (rule->protocol == 0 && option->is_inverted) {
		parse_error(invocation, word->where, NULL, "a rule with \"! -p %s\" would never match", word->text);
		return false;
	}
	invocation->protocol_word = *word;
	/* ip6tables marks "-p all" too; iptables compares nothing then. */
	if (rule->protocol || invocation->family == FAMILY_IPV6)
		rule->tests |= TEST_PROTOCOL;
	if (option->is_inverted)
		rule->inverted |= TEST_PROTOCOL;
	return true;
}

static bool store_counters(struct invocation *invocation, const char *packets, const char *bytes, struct source_range where)
{
	if (parse_u64(packets, &invocation->rule->n_packets) && parse_u64(bytes, &invocation->rule->n_bytes))
		return true;
	parse_error(invocation, where, NULL, "counters are two numbers: packets and bytes");
	return false;
}

/* "-c packets bytes", or "-c packets,bytes" */
bool parse_counters(struct invocation *invocation, struct parsed_option *option)
{
	const struct argument *word = parse_value(invocation, option, "packets bytes"), *bytes;
	struct argument packets;
	const char *comma;

	if (!word)
		return false;
	packets = *word;
	comma = strchr(packets.text, ',');
	if (comma)
		return store_counters(invocation, arena_copy(&invocation->parser->ast->arena, packets.text,
							     (size_t)(comma - packets.text)), comma + 1, packets.where);
	option->value.text = NULL;
	bytes = parse_value(invocation, option, "packets bytes");
	return bytes && store_counters(invocation, packets.text, bytes->text, packets.where);
}
