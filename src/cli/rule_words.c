/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rule_words.h"

#include "sink/json_parts.h"
#include "sink/packet_words.h"

static struct rule_place place_of(const struct ctreplay_rule *rule)
{
	return (struct rule_place){
		.family = rule->family, .table = rule->table, .chain = rule->chain, .number = rule->number,
		.file = rule->file, .line = rule->line, .text = rule->text, .target = rule->target,
	};
}

void rule_words_print_place(const struct ctreplay_rule *rule, struct text *out)
{
	struct rule_place place = place_of(rule);

	packet_words_print_place(&place, out);
}

void rule_words_print_name(const struct ctreplay_rule *rule, struct text *out)
{
	struct rule_place place = place_of(rule);

	packet_words_print_rule(&place, out);
}

void rule_words_print_file(const struct ctreplay_rule *rule, struct text *out)
{
	struct rule_place place = place_of(rule);

	packet_words_print_file(&place, out);
}

static struct tuple tuple_of(const struct ctreplay_tuple *told)
{
	struct tuple tuple = { .family = told->source.family, .protocol = told->protocol, .zone = told->zone };

	tuple.source = address_from_bytes((enum family)told->source.family, told->source.bytes);
	tuple.destination = address_from_bytes((enum family)told->source.family, told->destination.bytes);
	if (told->protocol == PROTOCOL_ICMP || told->protocol == PROTOCOL_ICMPV6) {
		tuple.source_port = told->icmp_id;
		tuple.destination_port = (uint16_t)(told->icmp_type << 8 | told->icmp_code);
	} else {
		tuple.source_port = told->source_port;
		tuple.destination_port = told->destination_port;
	}
	return tuple;
}

void rule_words_print_flow(const struct ctreplay_tuple *told, struct text *out)
{
	struct tuple tuple = tuple_of(told);

	packet_words_print_flow(&tuple, out);
}

void rule_words_print_ends(const struct ctreplay_tuple *told, struct text *out)
{
	struct tuple tuple = tuple_of(told);

	packet_words_print_endpoint(&tuple, true, out);
	text_append(out, " > ");
	packet_words_print_endpoint(&tuple, false, out);
}

void rule_words_add_json(struct json_writer *writer, const char *key, const struct ctreplay_rule *rule)
{
	struct rule_place place;

	if (!rule) {
		json_parts_add_rule(writer, key, NULL);
		return;
	}
	place = place_of(rule);
	json_parts_add_rule(writer, key, &place);
}
