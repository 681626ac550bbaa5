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
