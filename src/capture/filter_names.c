/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/filter_names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "packet/address.h"
#include "packet/protocol.h"

enum {
	WORD_LONGEST = 256,
	MAC_BYTES = 6,
	MAC_DIGITS = 12,
	IPV4_NUMBERS = 4,
};

/* What a name is the name of, by the qualifiers before it (pcap-filter(7)). */
enum meaning {
	MEANS_HOST,		/* or a network, or a gateway */
	MEANS_PORT,
	MEANS_PORT_RANGE,
	MEANS_IP_PROTOCOL,
	MEANS_LINK_PROTOCOL,
	MEANS_ISO_PROTOCOL,
	MEANS_NO_PROTOCOL,	/* `udp proto` */
	MEANS_LIBPCAP_WORD,	/* which libpcap looks up in tables of its own */
};

enum keyword_kind {
	KEYWORD_PLAIN,
	KEYWORD_LINK,		/* qualifiers: a protocol for which `proto` names what it carries */
	KEYWORD_IP,
	KEYWORD_ISO,
	KEYWORD_PROTOCOL,
	KEYWORD_DIRECTION,
	KEYWORD_HOST,
	KEYWORD_PORT,
	KEYWORD_PORT_RANGE,
	KEYWORD_PROTO,
	KEYWORD_BEFORE_WORD,	/* behind it comes a word of libpcap's own */
};

/* libpcap 1.10.3, scanner.l. Every other word is an ID, which gencode.c, gen_scode(), looks up. */
static const struct {
	enum keyword_kind kind;
	const char *words;
} keywords[] = {
	{ KEYWORD_LINK, "link ether ppp slip fddi tr wlan" },
	{ KEYWORD_IP, "ip ip6" },
	{ KEYWORD_ISO, "iso" },
	{ KEYWORD_PROTOCOL, "arp rarp sctp tcp udp icmp igmp igrp pim vrrp carp radio icmp6 ah esp atalk aarp decnet lat sca moprc mopdl "
	  "esis es-is isis is-is l1 l2 iih lsp snp csnp psnp clnp stp ipx netbeui" },
	{ KEYWORD_DIRECTION, "src dst ra ta addr1 addr2 addr3 addr4 address1 address2 address3 address4" },
	{ KEYWORD_HOST, "host net gateway" },
	{ KEYWORD_PORT, "port" },
	{ KEYWORD_PORT_RANGE, "portrange" },
	{ KEYWORD_PROTO, "proto protochain" },
	{ KEYWORD_BEFORE_WORD, "type subtype dir direction on ifname rset ruleset reason action llc" },
	{ KEYWORD_PLAIN, "mask less greater byte broadcast multicast and or not len length inbound outbound ifindex vlan mpls pppoed pppoes "
	  "geneve lane metac bcc oam oamf4 oamf4ec oamf4sc sc ilmic vpi vci connectmsg metaconnect rnr rulenum srnr subrulenum "
	  "fisu lssu lsu msu hfisu hlssu hmsu sio opc dpc sls hsio hopc hdpc hsls" },
	{ KEYWORD_PLAIN, "icmptype icmpcode icmp-echoreply icmp-unreach icmp-sourcequench icmp-redirect icmp-echo icmp-routeradvert "
	  "icmp-routersolicit icmp-timxceed icmp-paramprob icmp-tstamp icmp-tstampreply icmp-ireq icmp-ireqreply icmp-maskreq "
	  "icmp-maskreply icmp6type icmp6code icmp6-destinationunreach icmp6-packettoobig icmp6-timeexceeded icmp6-parameterproblem "
	  "icmp6-echo icmp6-echoreply icmp6-multicastlistenerquery icmp6-multicastlistenerreportv1 icmp6-multicastlistenerdone "
	  "icmp6-routersolicit icmp6-routeradvert icmp6-neighborsolicit icmp6-neighboradvert icmp6-redirect icmp6-routerrenum "
	  "icmp6-nodeinformationquery icmp6-nodeinformationresponse icmp6-ineighbordiscoverysolicit icmp6-ineighbordiscoveryadvert "
	  "icmp6-multicastlistenerreportv2 icmp6-homeagentdiscoveryrequest icmp6-homeagentdiscoveryreply icmp6-mobileprefixsolicit "
	  "icmp6-mobileprefixadvert icmp6-certpathsolicit icmp6-certpathadvert icmp6-multicastrouteradvert icmp6-multicastroutersolicit "
	  "icmp6-multicastrouterterm tcpflags tcp-fin tcp-syn tcp-rst tcp-push tcp-ack tcp-urg tcp-ece tcp-cwr" },
};

/* libpcap 1.10.3, nametoaddr.c, eproto_db[] and llc_db[]; gencode.c, lookup_proto(). */
static const struct {
	const char *name;
	enum meaning meaning;
	uint16_t number;
} carried[] = {
	{ "aarp", MEANS_LINK_PROTOCOL, 0x80f3 },     { "arp", MEANS_LINK_PROTOCOL, 0x0806 },
	{ "atalk", MEANS_LINK_PROTOCOL, 0x809b },    { "decnet", MEANS_LINK_PROTOCOL, 0x6003 },
	{ "ip", MEANS_LINK_PROTOCOL, 0x0800 },	     { "ip6", MEANS_LINK_PROTOCOL, 0x86dd },
	{ "lat", MEANS_LINK_PROTOCOL, 0x6004 },	     { "loopback", MEANS_LINK_PROTOCOL, 0x9000 },
	{ "mopdl", MEANS_LINK_PROTOCOL, 0x6001 },    { "moprc", MEANS_LINK_PROTOCOL, 0x6002 },
	{ "rarp", MEANS_LINK_PROTOCOL, 0x8035 },     { "sca", MEANS_LINK_PROTOCOL, 0x6007 },
	{ "iso", MEANS_LINK_PROTOCOL, 0xfe },	     { "stp", MEANS_LINK_PROTOCOL, 0x42 },
	{ "ipx", MEANS_LINK_PROTOCOL, 0xe0 },	     { "netbeui", MEANS_LINK_PROTOCOL, 0xf0 },
	{ "clnp", MEANS_ISO_PROTOCOL, 0x81 },	     { "esis", MEANS_ISO_PROTOCOL, 0x82 },
	{ "isis", MEANS_ISO_PROTOCOL, 0x83 },
};

struct settler {
	const char *at;
	struct text *settled, *error;
	enum keyword_kind protocol;	/* of the qualifiers that are being read: KEYWORD_LINK, ..., or KEYWORD_PLAIN */
	enum meaning meaning;
	bool is_qualified;		/* the last word was a qualifier */
	bool is_before_word;		/* and a word of libpcap's own comes next */
	unsigned n_brackets;
};

#define DIGITS "0123456789"
#define HEX_DIGITS DIGITS "abcdefABCDEF"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
static const char word_characters[] = "-_." DIGITS LETTERS;
static const char address_characters[] = ":." DIGITS LETTERS;

static bool is_in(char c, const char *set)
{
	return c && strchr(set, c);
}

/* Decimal, or 0x and hexadecimal; `*end` is behind it. */
static bool skip_number(const char *text, const char **end)
{
	bool is_hex = text[0] == '0' && is_in(text[1], "xX") && is_in(text[2], HEX_DIGITS);
	const char *first = is_hex ? text + 2 : text;

	*end = first + strspn(first, is_hex ? HEX_DIGITS : DIGITS);
	return *end > first;
}

/* A number, or 2 to 4 of them with dots: an address or a network. */
static bool is_numeric(const char *word)
{
	const char *end;

	for (unsigned i = 0; i < IPV4_NUMBERS && skip_number(word, &end); i++) {
		if (!*end)
			return true;
		if (*end != '.')
			return false;
		word = end + 1;
	}
	return false;
}

/* 00:11:22:33:44:55, with - or . as well; 0011.2233.4455; 001122334455. */
static bool is_mac(const char *word)
{
	size_t group = strspn(word, HEX_DIGITS);
	const char *at = word;
	char separator = word[group];

	if (group == MAC_DIGITS)
		return !separator;
	for (unsigned i = 0, n_groups = group == 4 ? 3 : MAC_BYTES; i < n_groups; i++) {
		size_t len = strspn(at, HEX_DIGITS);

		if (len < 1 || (n_groups == 3 ? len != 4 || separator != '.' : len > 2 || !is_in(separator, ":-.")))
			return false;
		at += len;
		if (i + 1 < n_groups && *at++ != separator)
			return false;
	}
	return !*at;
}

static bool is_one_of(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (;;) {
		size_t next = strcspn(words, " ");

		if (next == len && memcmp(words, word, len) == 0)
			return true;
		if (!words[next])
			return false;
		words += next + 1;
	}
}

static bool find_keyword(const char *word, enum keyword_kind *kind)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (is_one_of(keywords[i].words, word)) {
			*kind = keywords[i].kind;
			return true;
		}
	}
	return false;
}

static enum meaning proto_meaning(enum keyword_kind protocol)
{
	switch (protocol) {
	case KEYWORD_PLAIN:
	case KEYWORD_IP:
		return MEANS_IP_PROTOCOL;
	case KEYWORD_LINK:
		return MEANS_LINK_PROTOCOL;
	case KEYWORD_ISO:
		return MEANS_ISO_PROTOCOL;
	default:
		return MEANS_NO_PROTOCOL;
	}
}

/* Qualifiers stand in a row, protocol, direction, type; a name behind `and` or `or` has those of the one before. */
static void note_keyword(struct settler *settler, enum keyword_kind kind)
{
	bool is_qualifier = kind != KEYWORD_PLAIN && kind != KEYWORD_BEFORE_WORD;

	if (is_qualifier && !settler->is_qualified)
		settler->protocol = KEYWORD_PLAIN;
	settler->is_qualified = is_qualifier;
	settler->is_before_word = kind == KEYWORD_BEFORE_WORD;
	if (!is_qualifier)
		return;
	settler->meaning = MEANS_HOST;
	switch (kind) {
	case KEYWORD_PORT:
		settler->meaning = MEANS_PORT;
		break;
	case KEYWORD_PORT_RANGE:
		settler->meaning = MEANS_PORT_RANGE;
		break;
	case KEYWORD_PROTO:
		settler->meaning = proto_meaning(settler->protocol);
		break;
	case KEYWORD_HOST:
	case KEYWORD_DIRECTION:
		break;
	default:
		settler->protocol = kind;
	}
}

/* libpcap asks the system about a port in a range even where it is a number, unless that is decimal. */
static bool find_port(const char *name, uint16_t *port)
{
	const char *end;
	unsigned long number;

	if (!skip_number(name, &end) || *end)
		return protocol_parse_service(name, port);
	number = strtoul(name, NULL, is_in(name[1], "xX") ? 16 : 10);
	*port = (uint16_t)number;
	return number <= UINT16_MAX;
}

static bool find_carried(const char *name, enum meaning meaning, uint16_t *number)
{
	for (size_t i = 0; i < sizeof(carried) / sizeof(carried[0]); i++) {
		if (carried[i].meaning == meaning && strcmp(carried[i].name, name) == 0) {
			*number = carried[i].number;
			return true;
		}
	}
	return false;
}

static bool refuse(struct settler *settler, const char *name, const char *why)
{
	text_printf(settler->error, "\"%s\" is %s", name, why);
	return false;
}

/* `name` is changed. libpcap takes the first dash for the range's. */
static bool settle_port_range(struct settler *settler, char *name)
{
	char *dash = strchr(name, '-');
	uint16_t first, last;

	if (dash) {
		*dash = '\0';
		if (find_port(name, &first) && find_port(dash + 1, &last)) {
			text_printf(settler->settled, "%u-%u", first, last);
			return true;
		}
		*dash = '-';
	}
	return refuse(settler, name, "no range of ports, or of services that are known");
}

static bool settle_name(struct settler *settler, char *name, enum meaning meaning)
{
	uint16_t number;
	uint8_t protocol;

	switch (meaning) {
	case MEANS_PORT:
		if (!protocol_parse_service(name, &number))
			return refuse(settler, name, "neither a port nor the name of a service");
		break;
	case MEANS_PORT_RANGE:
		return settle_port_range(settler, name);
	case MEANS_IP_PROTOCOL:
		if (!protocol_parse(name, &protocol))
			return refuse(settler, name, "no protocol of IP that is known");
		number = protocol;
		break;
	case MEANS_LINK_PROTOCOL:
	case MEANS_ISO_PROTOCOL:
		if (!find_carried(name, meaning, &number))
			return refuse(settler, name, "no protocol that is known there");
		break;
	case MEANS_NO_PROTOCOL:
		return refuse(settler, name, "behind a protocol that names none of its own");
	case MEANS_LIBPCAP_WORD:
		text_append(settler->settled, name);
		return true;
	default:
		return refuse(settler, name, "neither a word of the filter language nor an address, and names are not looked up");
	}
	text_printf(settler->settled, "%u", number);
	return true;
}

static bool take_word(struct settler *settler, size_t len, char word[WORD_LONGEST])
{
	if (len >= WORD_LONGEST) {
		text_printf(settler->error, "a word of more than %d characters", WORD_LONGEST - 1);
		return false;
	}
	memcpy(word, settler->at, len);
	word[len] = '\0';
	settler->at += len;
	return true;
}

static bool settle_word(struct settler *settler, enum meaning meaning)
{
	size_t len = strspn(settler->at, word_characters);
	enum keyword_kind kind;
	char word[WORD_LONGEST];

	/* `name-` is a name and a minus. */
	while (is_in(settler->at[len - 1], "-_"))
		len--;
	if (!take_word(settler, len, word))
		return false;
	if (find_keyword(word, &kind)) {
		note_keyword(settler, kind);
	} else {
		settler->is_qualified = false;
		if (!is_numeric(word) && !is_mac(word))
			return settle_name(settler, word, meaning);
	}
	text_append(settler->settled, word);
	return true;
}

/* With colons: an address. Everything that could be one is read, so that libpcap finds no name behind a part of it. */
static bool settle_address(struct settler *settler, size_t len)
{
	enum family family;
	struct address address;
	char word[WORD_LONGEST];

	if (!take_word(settler, len, word))
		return false;
	settler->is_qualified = false;
	if (!is_mac(word) && !(address_parse(word, len, &family, &address) && family == FAMILY_IPV6))
		return refuse(settler, word, "no address");
	text_append(settler->settled, word);
	return true;
}

/* \tcp is a name, though tcp is a keyword. */
static bool settle_escaped(struct settler *settler, enum meaning meaning)
{
	char word[WORD_LONGEST];

	settler->at++;
	if (!take_word(settler, strcspn(settler->at, " !()\n\t"), word))
		return false;
	settler->is_qualified = false;
	if (meaning == MEANS_LIBPCAP_WORD)
		text_append_char(settler->settled, '\\');
	return settle_name(settler, word, meaning);
}

/* An operator, or what only libpcap can refuse. Names cannot stand in brackets, but numbers and keywords. */
static void copy_character(struct settler *settler)
{
	if (*settler->at == '[')
		settler->n_brackets++;
	else if (*settler->at == ']' && settler->n_brackets)
		settler->n_brackets--;
	settler->is_qualified = false;
	text_append_char(settler->settled, *settler->at++);
}

/* One word, sign or gap. */
static bool settle_next(struct settler *settler, enum meaning meaning)
{
	size_t len = strspn(settler->at, word_characters);
	char first = *settler->at;

	if (settler->n_brackets > 0) {
		copy_character(settler);
		return true;
	}
	if (first == '\\')
		return settle_escaped(settler, meaning);
	if (settler->at[len] == ':')
		return settle_address(settler, len + strspn(settler->at + len, address_characters));
	if (len && !is_in(first, "-_."))
		return settle_word(settler, meaning);
	copy_character(settler);
	return true;
}

bool filter_settle_names(const char *expression, struct text *settled, struct text *error)
{
	struct settler settler = { .at = expression, .settled = settled, .error = error, .protocol = KEYWORD_PLAIN, .meaning = MEANS_HOST };

	for (;;) {
		size_t gap = strspn(settler.at, " \t\r\n");
		enum meaning meaning = settler.is_before_word ? MEANS_LIBPCAP_WORD : settler.meaning;

		text_append_bytes(settled, settler.at, gap);
		settler.at += gap;
		if (!*settler.at)
			return true;
		settler.is_before_word = false;
		if (!settle_next(&settler, meaning))
			return false;
	}
}
