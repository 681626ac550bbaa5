/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/places.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct rule_place places_make(const struct ctreplay_rule *rule)
{
	return (struct rule_place){
		.family = rule->family, .table = rule->table, .chain = rule->chain, .number = rule->number,
		.file = rule->file, .line = rule->line, .text = rule->text, .target = rule->target,
	};
}

void places_fill(struct places *places, struct ctreplay *replay)
{
	size_t n_chains, most = 1;
	const struct ctreplay_chain *chains = ctreplay_chains(replay, &n_chains);

	for (size_t i = 0; i < n_chains; i++)
		most += chains[i].n_rules + 1;
	places->places = alloc_zeroed(most, sizeof(*places->places));
	places->n = 0;
	for (size_t i = 0; i < n_chains; i++) {
		if (chains[i].policy_rule)
			places->places[places->n++] = places_make(chains[i].policy_rule);
		for (size_t k = 0; k < chains[i].n_rules; k++) {
			struct rule_place *place = &places->places[places->n++];

			*place = places_make(&chains[i].rules[k].rule);
			place->written = chains[i].rules[k].written;
			place->written_len = chains[i].rules[k].written_len;
		}
	}
}

void places_clear(struct places *places)
{
	free(places->places);
}

const struct rule_place *places_find(const struct places *places, uint8_t family, const char *table, const char *chain, uint32_t number)
{
	for (size_t i = 0; i < places->n; i++) {
		const struct rule_place *place = &places->places[i];

		if (place->number == number && place->family == family && strcmp(place->chain, chain) == 0 &&
		    strcmp(place->table, table) == 0)
			return place;
	}
	return NULL;
}

const struct rule_place *places_of(const struct places *places, const struct ctreplay_rule *rule)
{
	const struct rule_place *place = places_find(places, rule->family, rule->table, rule->chain, rule->number);

	return place && strcmp(place->text, rule->text) == 0 ? place : NULL;
}
