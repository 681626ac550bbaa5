/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/origin.h"

#include <string.h>

#include "rules/extent.h"
#include "rules/program.h"

static struct address address_of(enum family family, struct extent_value value)
{
	uint8_t bytes[16];

	if (family == FAMILY_IPV4)
		return address_from_ipv4((uint32_t)value.low);
	for (unsigned i = 0; i < 8; i++) {
		bytes[i] = (uint8_t)(value.high >> (56 - 8 * i));
		bytes[8 + i] = (uint8_t)(value.low >> (56 - 8 * i));
	}
	return address_from_bytes(family, bytes);
}

static bool holds(const struct extent_box *box, enum packet_field field, uint64_t value)
{
	return value >= box->first[field].low && value <= box->last[field].low;
}

/* A packet that has been translated meets the rule's other conditions as it is: protocol, and behind SNAT the far end. */
static bool is_possible(const struct extent_box *box, const struct origin_question *question)
{
	const struct packet *packet = question->packet;

	if (!holds(box, FIELD_PROTOCOL, packet->protocol))
		return false;
	if (question->side == NAT_DESTINATION || packet->family == FAMILY_IPV6)
		return true;
	return holds(box, FIELD_DESTINATION, address_ipv4(&packet->destination)) &&
	       (!packet->has_ports || holds(box, FIELD_DESTINATION_PORT, packet->destination_port));
}

static void fill(const struct extent_box *box, const struct origin_question *question, struct origin *origin)
{
	bool is_source = question->side == NAT_SOURCE;
	enum packet_field address = is_source ? FIELD_SOURCE : FIELD_DESTINATION;
	enum packet_field port = is_source ? FIELD_SOURCE_PORT : FIELD_DESTINATION_PORT;
	enum family family = (enum family)question->packet->family;

	origin->first = address_of(family, box->first[address]);
	origin->last = address_of(family, box->last[address]);
	if (!origin->port && box->first[port].low == box->last[port].low)
		origin->port = (uint16_t)box->first[port].low;
}

/* -o of the rule, a trailing + included. */
static bool leaves_there(const struct ast_rule *rule, const struct origin_question *question)
{
	size_t len = strlen(rule->out);
	bool is_same;

	if (!(rule->tests & TEST_OUT) || !question->out)
		return true;
	if (len && rule->out[len - 1] == '+')
		is_same = strncmp(rule->out, question->out, len - 1) == 0;
	else
		is_same = strcmp(rule->out, question->out) == 0;
	return is_same != ((rule->inverted & TEST_OUT) != 0);
}

/* Does the target make such an address and port, and leave by the right interface? */
static bool makes(const struct ast_rule *rule, const struct origin_question *question, uint16_t *port_before)
{
	const struct packet *packet = question->packet;
	bool is_source = question->side == NAT_SOURCE;
	const struct target_type *type = rule->action == ACTION_TARGET ? rule->target->target : NULL;

	if (!type || !type->could_make || !(rule->hooks & 1u << question->hook) || !leaves_there(rule, question))
		return false;
	if (type->class == EXTENSION_FROM_CONTEXT && !question->is_own)
		return false;
	return type->could_make(rule->target->config, is_source ? &packet->source : &packet->destination,
				is_source ? packet->source_port : packet->destination_port, port_before);
}

static bool could_make(const struct ast_table *table, const struct ast_rule *rule,
		       const struct origin_question *question, struct origin *origin)
{
	struct extent extent;
	bool is_found = false;

	*origin = (struct origin){ .port = 0 };
	if (!makes(rule, question, &origin->port))
		return false;
	extent_init_rule(&extent, table, rule);
	for (size_t i = 0; i < extent.n_boxes && !is_found; i++) {
		is_found = is_possible(&extent.boxes[i], question);
		if (is_found)
			fill(&extent.boxes[i], question, origin);
	}
	extent_clear(&extent);
	return is_found;
}

static const struct ast_table *nat_table(const struct ruleset *ruleset, const struct origin_question *question)
{
	return &ruleset->ast.tables[ast_family_index((enum family)question->packet->family)][TABLE_NAT];
}

bool origin_find(const struct ruleset *ruleset, const struct origin_question *question, struct origin *origin)
{
	const struct ast_table *table = nat_table(ruleset, question);

	for (size_t c = 0; c < table->n_chains; c++)
		for (size_t i = 0; i < table->chains[c]->n_rules; i++)
			if (could_make(table, table->chains[c]->rules[i], question, origin))
				return true;
	return false;
}

bool origin_may_be_made(const struct ruleset *ruleset, const struct origin_question *question)
{
	const struct ast_table *table = nat_table(ruleset, question);
	uint16_t unused;

	for (size_t c = 0; c < table->n_chains; c++)
		for (size_t i = 0; i < table->chains[c]->n_rules; i++)
			if (makes(table->chains[c]->rules[i], question, &unused))
				return true;
	return false;
}
