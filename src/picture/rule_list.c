/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/rule_list.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void rule_list_init(struct rule_list *list)
{
	memset(list, 0, sizeof(*list));
}

void rule_list_clear(struct rule_list *list)
{
	free(list->lines);
	free(list->placed);
	memset(list, 0, sizeof(*list));
}

static const char *family_word(enum family family)
{
	return family == FAMILY_IPV6 ? "ipv6" : "ipv4";
}

static struct rule_line *add_line(struct rule_list *list)
{
	if (list->n_lines == list->capacity) {
		list->capacity = alloc_grown_capacity(list->capacity, list->n_lines + 1);
		list->lines = alloc_resize(list->lines, list->capacity, sizeof(*list->lines));
	}
	return &list->lines[list->n_lines++];
}

/* The head, and the policy behind it until the chain's rules push it down. */
static void add_chain(struct rule_list *list, const struct event_chain *chain)
{
	struct rule_line line = { .family = family_word(chain->family), .table = chain->table, .chain = chain->chain };

	*add_line(list) = line;
	line.policy = chain->policy;
	if (line.policy)
		*add_line(list) = line;
}

static void add_rule(struct rule_list *list, const struct rule_place *place)
{
	struct rule_line *last = add_line(list);

	if (list->n_lines > 1 && last[-1].policy) {
		*last = last[-1];
		last--;
	}
	*last = (struct rule_line){ .place = place, .family = family_word(place->family), .table = place->table,
				    .chain = place->chain };
}

void rule_list_listen(void *owner, const struct event *event)
{
	if (event->kind == EVENT_CHAIN)
		add_chain(owner, &event->chain);
	else if (event->kind == EVENT_COUNTER)
		add_rule(owner, event->counter.rule);
}

/* Where in memory they stand decides how fast they are found, and nothing else. */
static int compare_places(const void *a, const void *b)
{
	uintptr_t one = (uintptr_t)((const struct placed_line *)a)->place, other = (uintptr_t)((const struct placed_line *)b)->place;

	return one < other ? -1 : one > other;
}

void rule_list_finish(struct rule_list *list)
{
	list->placed = alloc_zeroed(list->n_lines + 1, sizeof(*list->placed));
	for (size_t i = 0; i < list->n_lines; i++)
		if (list->lines[i].place)
			list->placed[list->n_placed++] = (struct placed_line){ list->lines[i].place, i };
	if (list->n_placed)
		qsort(list->placed, list->n_placed, sizeof(*list->placed), compare_places);
}

bool rule_line_is_policy(const struct rule_line *line, const struct rule_place *place)
{
	return line->policy && place && place->number == 0 && strcmp(place->table, line->table) == 0 &&
	       strcmp(place->chain, line->chain) == 0 && strcmp(family_word(place->family), line->family) == 0;
}

static long find_policy(const struct rule_list *list, const struct rule_place *place)
{
	for (size_t i = 0; i < list->n_lines; i++)
		if (rule_line_is_policy(&list->lines[i], place))
			return (long)i;
	return RULE_LIST_NONE;
}

long rule_list_find(const struct rule_list *list, const struct rule_place *place)
{
	struct placed_line wanted = { .place = place };
	const struct placed_line *found;

	if (!place)
		return RULE_LIST_NONE;
	if (place->number == 0)
		return find_policy(list, place);
	found = list->n_placed ? bsearch(&wanted, list->placed, list->n_placed, sizeof(wanted), compare_places) : NULL;
	return found ? (long)found->index : RULE_LIST_NONE;
}
