/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m tcp: ports, flags, options. Linux 6.18, xt_tcpudp.c: tcp_mt(), tcp_find_option(). */
#include <strings.h>

#include "base/cursor.h"
#include "rules/match_parts.h"

enum { SPORT, DPORT, OPTION, FLAGS, SYN };

enum { TCP_HEADER_LEN = 20, TCP_FLAGS_ALL = TCP_FIN | TCP_SYN | TCP_RST | TCP_PSH | TCP_ACK | TCP_URG };

struct tcp_config {
	struct option_marks marks;
	struct number_range source_ports, destination_ports;
	uint32_t option;		/* kind; 0: not asked for */
	uint32_t flag_mask, flag_value;
};

static const struct option_name flag_names[] = {
	{ "FIN", TCP_FIN }, { "SYN", TCP_SYN }, { "RST", TCP_RST }, { "PSH", TCP_PSH }, { "ACK", TCP_ACK },
	{ "URG", TCP_URG }, { "ALL", TCP_FLAGS_ALL }, { "NONE", 0 }, { NULL, 0 },
};

/* A comma list in which empty words do not count, as strtok(3) reads it. */
static bool parse_flag_set(const struct argument *value, uint32_t *set, struct diagnostics *diagnostics)
{
	const char *at = value->text;
	struct option_word word;
	bool is_good = true;

	*set = 0;
	while (at) {
		const struct option_name *name = flag_names;

		options_next_word(value, &at, ',', &word);
		while (name->name && strcasecmp(name->name, word.text) != 0)
			name++;
		*set |= name->value;
		if (name->name || !word.text[0])
			continue;
		options_report_unknown(&word, "TCP flag", flag_names, diagnostics);
		is_good = false;
	}
	return is_good;
}

static bool parse_flags(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	struct tcp_config *tcp = config;
	bool is_good = parse_flag_set(&values[0], &tcp->flag_mask, diagnostics);

	is_good &= parse_flag_set(&values[1], &tcp->flag_value, diagnostics);
	if (is_good && tcp->flag_value & ~tcp->flag_mask)
		diag_warning(diagnostics, values[1].where, "each of them must be in the first list too",
			     "no packet has these flags: the first list does not look at them all");
	(void)place;
	return is_good;
}

static bool parse_syn(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	struct tcp_config *tcp = config;

	tcp->flag_mask = TCP_SYN | TCP_RST | TCP_ACK | TCP_FIN;
	tcp->flag_value = TCP_SYN;
	(void)values;
	(void)place;
	(void)diagnostics;
	return true;
}

/* The single flags alone: ALL is for reading. */
static void print_flags(uint32_t set, struct text *out)
{
	const char *separator = "";

	for (const struct option_name *name = flag_names; name->value != TCP_FLAGS_ALL; name++) {
		if (!(set & name->value))
			continue;
		text_printf(out, "%s%s", separator, name->name);
		separator = ",";
	}
	if (!(set & TCP_FLAGS_ALL))
		text_append(out, "NONE");
}

static void print_flag_test(const void *config, struct text *out)
{
	const struct tcp_config *tcp = config;

	text_append(out, "--tcp-flags ");
	print_flags(tcp->flag_mask, out);
	text_append_char(out, ' ');
	print_flags(tcp->flag_value, out);
}

static const struct option_spec options[] = {
	{ .name = "sport", .kind = OPTION_PORT_RANGE, .flags = OPTION_INVERTIBLE | OPTION_ORDERED | OPTION_OMIT_FULL,
	  .mark = SPORT, .offset = offsetof(struct tcp_config, source_ports), .field = FIELD_SOURCE_PORT,
	  .value_name = "port[:port]",
	  .summary = "source port or range" },
	{ .name = "source-port", .flags = OPTION_IS_ALIAS, .alias_of = "sport" },
	{ .name = "dport", .kind = OPTION_PORT_RANGE, .flags = OPTION_INVERTIBLE | OPTION_ORDERED | OPTION_OMIT_FULL,
	  .mark = DPORT, .offset = offsetof(struct tcp_config, destination_ports), .field = FIELD_DESTINATION_PORT,
	  .value_name = "port[:port]",
	  .summary = "destination port or range" },
	{ .name = "destination-port", .flags = OPTION_IS_ALIAS, .alias_of = "dport" },
	{ .name = "tcp-option", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = OPTION,
	  .offset = offsetof(struct tcp_config, option), .min = 1, .max = 255, .value_name = "number",
	  .summary = "the TCP option of this kind is there" },
	{ .name = "tcp-flags", .kind = OPTION_CUSTOM, .n_values = 2, .flags = OPTION_INVERTIBLE, .mark = FLAGS,
	  .excludes = 1 << SYN, .excluded_names = "--syn", .value_name = "mask flags", .parse = parse_flags,
	  .print = print_flag_test, .summary = "of the flags in mask, exactly these are set" },
	{ .name = "syn", .kind = OPTION_CUSTOM, .flags = OPTION_INVERTIBLE, .mark = SYN, .excludes = 1 << FLAGS,
	  .excluded_names = "--tcp-flags", .parse = parse_syn, .print = print_flag_test,
	  .summary = "--tcp-flags FIN,SYN,RST,ACK SYN" },
};

enum { N_OPTIONS = sizeof(options) / sizeof(options[0]), N_OPTIONS_BEFORE_FLAGS = 5 };

static void init(void *config)
{
	struct tcp_config *tcp = config;

	tcp->source_ports.last = tcp->destination_ports.last = UINT16_MAX;
}

static bool inverts_flags(const struct tcp_config *tcp)
{
	return options_is_inverted(&tcp->marks, FLAGS) || options_is_inverted(&tcp->marks, SYN);
}

static bool flags_hold(const struct tcp_config *tcp, const struct packet *packet)
{
	return ((packet->tcp_flags & tcp->flag_mask) == tcp->flag_value) != inverts_flags(tcp);
}

/* Kinds 0 and 1 are one byte long and do not end the search; a length of 0 counts as 1. */
static enum match_result find_option(const struct packet *packet, uint32_t kind)
{
	uint32_t options_len;

	if (packet->tcp_header_len < TCP_HEADER_LEN || packet->l4_len < packet->tcp_header_len)
		return MATCH_HOTDROP;
	options_len = (uint32_t)packet->tcp_header_len - TCP_HEADER_LEN;
	for (uint32_t i = 0; i < options_len;) {
		struct cursor option = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + TCP_HEADER_LEN + i);
		uint8_t seen = cursor_u8(&option), len;

		if (seen == kind)
			return MATCH_YES;
		len = seen > 1 ? cursor_u8(&option) : 1;
		i += len ? len : 1;
	}
	return MATCH_NO;
}

/* True when the snap length cut the options: nobody knows what the kernel saw. */
static bool options_are_cut(const struct packet *packet)
{
	return packet->l4_len >= packet->tcp_header_len && packet->len < packet->l4_offset + packet->tcp_header_len;
}

static enum match_result eval_option(const struct tcp_config *tcp, const struct packet *packet)
{
	enum match_result found;

	if (!tcp->option)
		return MATCH_YES;
	if (options_are_cut(packet))
		return MATCH_NO;
	found = find_option(packet, tcp->option);
	if (found == MATCH_HOTDROP)
		return found;
	return match_parts_holds(&tcp->marks, OPTION, found == MATCH_YES) ? MATCH_YES : MATCH_NO;
}

static bool wants_ports_alone(const struct tcp_config *tcp)
{
	return !tcp->option && !tcp->flag_mask && !tcp->flag_value && !inverts_flags(tcp);
}

/* Every packet has flags and options of its own. */
static enum flow_scope flow_scope(const void *config)
{
	return wants_ports_alone(config) ? FLOW_SETTLED : FLOW_BEYOND;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct tcp_config *tcp = config;
	const struct packet *packet = subject->packet;
	enum match_result header = match_parts_find_header(packet, TCP_HEADER_LEN);

	(void)state;
	/* Linux 6.18, tcp_mt(): a second fragment that starts inside the header would rewrite flags. IPv6 counts bytes here. */
	if (packet->fragment_offset == 1 && packet->family == FAMILY_IPV4)
		return MATCH_HOTDROP;
	if (header != MATCH_YES)
		return header;
	if (!packet->has_ports ||
	    !match_parts_holds(&tcp->marks, SPORT, match_parts_is_in_range(&tcp->source_ports, packet->source_port)) ||
	    !match_parts_holds(&tcp->marks, DPORT, match_parts_is_in_range(&tcp->destination_ports, packet->destination_port)))
		return MATCH_NO;
	if (wants_ports_alone(tcp))
		return MATCH_YES;
	if (!packet->has_l4 || !flags_hold(tcp, packet))
		return MATCH_NO;
	return eval_option(tcp, packet);
}

/* Linux 6.18, xt_TCPMSS.c, find_syn_match(). */
static bool wants_syn(const void *config)
{
	const struct tcp_config *tcp = config;

	return (tcp->flag_value & TCP_SYN) && !inverts_flags(tcp);
}

static void print(const void *config, struct text *out)
{
	const struct tcp_config *tcp = config;

	options_print(options, N_OPTIONS_BEFORE_FLAGS, config, out);
	if (!tcp->flag_mask && !inverts_flags(tcp))
		return;
	text_append(out, inverts_flags(tcp) ? " ! " : " ");
	print_flag_test(config, out);
}

static void list(const void *config, struct text *out)
{
	const struct tcp_config *tcp = config;

	text_append(out, " tcp");
	match_parts_list_ports("spt", &tcp->source_ports, options_is_inverted(&tcp->marks, SPORT), out);
	match_parts_list_ports("dpt", &tcp->destination_ports, options_is_inverted(&tcp->marks, DPORT), out);
	if (tcp->option)
		text_printf(out, " option=%s%u", options_is_inverted(&tcp->marks, OPTION) ? "!" : "", tcp->option);
	if (tcp->flag_mask || inverts_flags(tcp))
		text_printf(out, " flags:%s0x%02X/0x%02X", inverts_flags(tcp) ? "!" : "", tcp->flag_mask, tcp->flag_value);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct tcp_config *tcp = config;
	const struct packet *packet = subject->packet;

	if (match_parts_explain_header(packet, TCP_HEADER_LEN, out))
		return;
	if (!match_parts_holds(&tcp->marks, SPORT, match_parts_is_in_range(&tcp->source_ports, packet->source_port))) {
		match_parts_explain_option(&options[0], config, out);
		text_append_u64(out, packet->source_port);
	} else if (!match_parts_holds(&tcp->marks, DPORT,
				      match_parts_is_in_range(&tcp->destination_ports, packet->destination_port))) {
		match_parts_explain_option(&options[2], config, out);
		text_append_u64(out, packet->destination_port);
	} else if (!flags_hold(tcp, packet)) {
		text_append(out, inverts_flags(tcp) ? "! " : "");
		print_flag_test(config, out);
		text_append(out, ": packet has ");
		print_flags(packet->tcp_flags, out);
	} else if (tcp->option) {
		options_print_option(&options[4], config, out);
		if (options_are_cut(packet))
			text_append(out, ": the capture does not hold the options");
		else
			text_printf(out, ": packet has %soption %u", options_is_inverted(&tcp->marks, OPTION) ? "" : "no ",
				    tcp->option);
	}
}

static const uint8_t protocols[] = { PROTOCOL_TCP, 0 };

const struct match_type match_tcp = {
	.name = "tcp",
	.summary = "TCP ports, flags and options",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.protocols = protocols,
	.options = options,
	.n_options = N_OPTIONS,
	.config_size = sizeof(struct tcp_config),
	.init = init,
	.eval = eval,
	.flow_scope = flow_scope,
	.wants_syn = wants_syn,
	.print = print,
	.list = list,
	.explain = explain,
};
