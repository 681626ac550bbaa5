/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ways to a rule: what the rules that jump to its chain take, and those that jump to theirs. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "replay/generate_parts.h"

enum { MOST_JUMPS = 16, MOST_WAY_BOXES = 64 };

/* A rule that leads to another chain. Strings are the ruleset's. */
struct generate_way {
	enum family family;
	const char *table, *from, *to, *in, *out;
	uint32_t hooks;
	struct extent_box *boxes;	/* owned */
	size_t n_boxes;
};

void generate_ways_add(struct generate_ways *ways, const struct rule_extent *rule)
{
	struct generate_way *way;
	size_t n_boxes = rule->extent->n_boxes < MOST_WAY_BOXES ? rule->extent->n_boxes : MOST_WAY_BOXES;

	if (ways->n_ways == ways->capacity) {
		ways->capacity = alloc_grown_capacity(ways->capacity, ways->n_ways + 1);
		ways->ways = alloc_resize(ways->ways, ways->capacity, sizeof(*way));
	}
	way = &ways->ways[ways->n_ways++];
	*way = (struct generate_way){
		.family = rule->family, .table = rule->place->table, .from = rule->place->chain, .to = rule->place->target,
		.in = rule->in, .out = rule->out, .hooks = rule->hooks,
		.boxes = alloc_zeroed(n_boxes + 1, sizeof(*way->boxes)), .n_boxes = n_boxes,
	};
	memcpy(way->boxes, rule->extent->boxes, n_boxes * sizeof(*way->boxes));
}

void generate_ways_clear(struct generate_ways *ways)
{
	for (size_t i = 0; i < ways->n_ways; i++)
		free(ways->ways[i].boxes);
	free(ways->ways);
}

/* One of the rules that jump to the chain; NULL: none does, it is a built-in one. */
static const struct generate_way *choose_way(const struct generate_ways *ways, const struct rule_extent *rule,
					     const char *chain, struct random *random)
{
	const struct generate_way *chosen = NULL;
	uint64_t n_fitting = 0;

	for (size_t i = 0; i < ways->n_ways; i++) {
		const struct generate_way *way = &ways->ways[i];

		if (way->family == rule->family && way->n_boxes && strcmp(way->to, chain) == 0 &&
		    strcmp(way->table, rule->place->table) == 0 && random_u64(random) % ++n_fitting == 0)
			chosen = way;
	}
	return chosen;
}

static bool intersect(struct extent_box *box, const struct extent_box *with)
{
	for (int i = FIELD_NONE + 1; i < FIELD_COUNT; i++) {
		if (extent_compare(box->first[i], with->first[i]) < 0)
			box->first[i] = with->first[i];
		if (extent_compare(box->last[i], with->last[i]) > 0)
			box->last[i] = with->last[i];
		if (extent_compare(box->first[i], box->last[i]) > 0)
			return false;
	}
	return true;
}

/* Both patterns, as one; false when no interface fits both. */
static bool meet(const char **pattern, const char *other)
{
	if (!**pattern || (*other && generate_is_interface(*pattern, other)))
		*pattern = other;
	return !*other || generate_is_interface(other, *pattern);
}

bool generate_ways_choose(const struct generate_ways *ways, const struct rule_extent *rule, struct random *random,
			  struct generate_arrival *arrival)
{
	const struct generate_way *way;
	const char *chain = rule->place->chain;

	for (unsigned i = 0; i < MOST_JUMPS; i++) {
		way = choose_way(ways, rule, chain, random);
		if (!way)
			return true;
		arrival->hooks &= way->hooks;
		if (!arrival->hooks || !intersect(&arrival->box, &way->boxes[random_u64(random) % way->n_boxes]) ||
		    !meet(&arrival->in, way->in) || !meet(&arrival->out, way->out))
			return false;
		chain = way->from;
	}
	return false;
}
