/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m multiport: a list of ports. Linux 6.18, xt_multiport.c: multiport_mt(). */
#include <string.h>

#include "rules/match_parts.h"

enum { SPORTS, DPORTS, PORTS };

enum { SLOTS_MOST = 15, PORTS_LEN = 4 };

struct multiport_config {
	struct option_marks marks;
	struct number_range ranges[SLOTS_MOST];	/* a range takes two of the kernel's slots */
	bool is_range[SLOTS_MOST];
	uint32_t n_ranges;
};

static bool parse_item(struct multiport_config *multiport, const struct option_word *word, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	struct argument item = { .text = word->text, .where = word->where, .is_as_written = word->is_as_written };
	const char *at = item.text;
	struct option_word port;
	uint16_t ports[2] = { 0, 0 };
	bool is_range = strchr(item.text, ':') != NULL;

	for (unsigned i = 0; at && i < 2; i++) {
		options_next_word(&item, &at, i ? '\0' : ':', &port);
		if (!options_parse_port(&port, place, &ports[i], diagnostics))
			return false;
	}
	if (is_range && ports[0] >= ports[1]) {
		diag_error(diagnostics, word->where, "the smaller one comes first, and they differ",
			   "the range %s is not one", word->text);
		return false;
	}
	multiport->is_range[multiport->n_ranges] = is_range;
	multiport->ranges[multiport->n_ranges++] = (struct number_range){ ports[0], ports[is_range] };
	return true;
}

static bool parse_ports(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	struct multiport_config *multiport = config;
	const char *at = values->text;
	struct option_word word;
	unsigned n_slots = 0;
	bool is_good = true;

	while (at) {
		options_next_word(values, &at, ',', &word);
		n_slots += strchr(word.text, ':') ? 2 : 1;
		if (n_slots > SLOTS_MOST) {
			diag_error(diagnostics, word.where, "a range counts as two; the rest needs another rule",
				   "more than %d ports", SLOTS_MOST);
			return false;
		}
		is_good &= parse_item(multiport, &word, place, diagnostics);
	}
	return is_good;
}

static const char *option_name(const struct multiport_config *multiport)
{
	if (options_is_seen(&multiport->marks, SPORTS))
		return "sports";
	return options_is_seen(&multiport->marks, DPORTS) ? "dports" : "ports";
}

static void print_list(const struct multiport_config *multiport, struct text *out)
{
	for (uint32_t i = 0; i < multiport->n_ranges; i++) {
		text_append(out, i ? "," : "");
		match_parts_print_range(&multiport->ranges[i], out);
	}
}

static void print_ports(const void *config, struct text *out)
{
	text_printf(out, "--%s ", option_name(config));
	print_list(config, out);
}

static size_t span(const void *config, struct number_range *ranges)
{
	const struct multiport_config *multiport = config;

	memcpy(ranges, multiport->ranges, multiport->n_ranges * sizeof(*ranges));
	return multiport->n_ranges;
}

#define OTHERS(mark) ((1 << SPORTS | 1 << DPORTS | 1 << PORTS) & ~(1 << (mark)))

static const struct option_spec options[] = {
	{ .name = "sports", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = SPORTS,
	  .excludes = OTHERS(SPORTS), .excluded_names = "--dports or --ports", .value_name = "port[,port|,port:port]",
	  .field = FIELD_SOURCE_PORT, .span = span,
	  .parse = parse_ports, .print = print_ports, .summary = "the source port is in the list" },
	{ .name = "source-ports", .flags = OPTION_IS_ALIAS, .alias_of = "sports" },
	{ .name = "dports", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = DPORTS,
	  .excludes = OTHERS(DPORTS), .excluded_names = "--sports or --ports", .value_name = "port[,port|,port:port]",
	  .field = FIELD_DESTINATION_PORT, .span = span,
	  .parse = parse_ports, .print = print_ports, .summary = "the destination port is in the list" },
	{ .name = "destination-ports", .flags = OPTION_IS_ALIAS, .alias_of = "dports" },
	{ .name = "ports", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = PORTS,
	  .excludes = OTHERS(PORTS), .excluded_names = "--sports or --dports", .value_name = "port[,port|,port:port]",
	  .parse = parse_ports, .print = print_ports, .summary = "the source or the destination port is in the list" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	return match_parts_need_option(config, UINT32_MAX, "multiport needs --sports, --dports or --ports", place,
				       diagnostics);
}

static bool is_in_list(const struct multiport_config *multiport, uint16_t port)
{
	for (uint32_t i = 0; i < multiport->n_ranges; i++) {
		if (match_parts_is_in_range(&multiport->ranges[i], port))
			return true;
	}
	return false;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct multiport_config *multiport = config;
	const struct packet *packet = subject->packet;
	enum match_result header = match_parts_find_header(packet, PORTS_LEN);
	bool is_in = false;

	(void)state;
	if (header != MATCH_YES)
		return header;
	if (!packet->has_ports)
		return MATCH_NO;
	if (!options_is_seen(&multiport->marks, DPORTS))
		is_in = is_in_list(multiport, packet->source_port);
	if (!options_is_seen(&multiport->marks, SPORTS))
		is_in = is_in || is_in_list(multiport, packet->destination_port);
	return is_in != (multiport->marks.inverted != 0) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct multiport_config *multiport = config;

	text_printf(out, " multiport %s %s", option_name(multiport), multiport->marks.inverted ? " !" : "");
	print_list(multiport, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct multiport_config *multiport = config;
	const struct packet *packet = subject->packet;

	if (packet->fragment_offset || packet->l4_len < PORTS_LEN || !packet->has_ports) {
		match_parts_explain_header(packet, PORTS_LEN, out);
		return;
	}
	text_append(out, multiport->marks.inverted ? "! " : "");
	print_ports(config, out);
	if (options_is_seen(&multiport->marks, PORTS))
		text_printf(out, ": packet has %u and %u", packet->source_port, packet->destination_port);
	else
		text_printf(out, ": packet has %u", options_is_seen(&multiport->marks, SPORTS) ? packet->source_port :
			    packet->destination_port);
}

static const uint8_t protocols[] = { PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_UDPLITE, PROTOCOL_SCTP, PROTOCOL_DCCP, 0 };

const struct match_type match_multiport = {
	.name = "multiport",
	.summary = "a list of up to 15 ports",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.protocols = protocols,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct multiport_config),
	.check = check,
	.eval = eval,
	.flow_scope = match_parts_settled,
	.list = list,
	.explain = explain,
};
