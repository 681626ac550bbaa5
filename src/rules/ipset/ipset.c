/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/ipset/ipset.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "rules/ipset/ipset_parts.h"

struct ipsets *ipsets_create(void)
{
	struct ipsets *sets = alloc_zeroed(1, sizeof(*sets));

	arena_init(&sets->arena);
	map_init(&sets->names);
	sets->most_named = limits_usual.set_elements;
	return sets;
}

void ipsets_limit(struct ipsets *sets, uint64_t most_named)
{
	sets->most_named = most_named;
}

void ipsets_destroy(struct ipsets *sets)
{
	if (!sets)
		return;
	for (size_t i = 0; i < sets->n_sets; i++)
		set_clear(&sets->sets[i]);
	free(sets->sets);
	map_clear(&sets->names);
	arena_clear(&sets->arena);
	free(sets);
}

struct ipsets *ipsets_start(const struct ipsets *sets, uint32_t hz)
{
	struct ipsets *copy;

	if (!sets)
		return NULL;
	copy = ipsets_create();
	copy->hz = hz;
	copy->sets = alloc_zeroed(sets->n_sets + 1, sizeof(*copy->sets));
	for (size_t i = 0; i < sets->n_sets; i++) {
		set_copy(&copy->sets[copy->n_sets++], &sets->sets[i], hz);
		ipsets_note_name(copy);
	}
	return copy;
}

uint32_t ipsets_find(const struct ipsets *sets, const char *name)
{
	uintptr_t number = (uintptr_t)map_find(&sets->names, name);

	return number ? (uint32_t)(number - 1) : IPSET_UNKNOWN;
}

void ipsets_note_name(struct ipsets *sets)
{
	map_add(&sets->names, sets->sets[sets->n_sets - 1].name, (void *)(uintptr_t)sets->n_sets);
}

enum family ipsets_family(const struct ipsets *sets, uint32_t set)
{
	return sets->sets[set].family;
}

bool ipsets_have_timeouts(const struct ipsets *sets)
{
	bool any = false;

	for (size_t i = 0; sets && i < sets->n_sets; i++)
		any |= sets->sets[i].header.has_timeout;
	return any;
}

const char *ipsets_nearest(struct diagnostics *diagnostics, const struct ipsets *sets, const char *name)
{
	const char **names, *nearest;

	if (!diag_may_compare(diagnostics, sets->n_sets))
		return NULL;
	names = alloc_zeroed(sets->n_sets + 1, sizeof(*names));
	for (size_t i = 0; i < sets->n_sets; i++)
		names[i] = sets->sets[i].name;
	nearest = diag_nearest(name, names, sets->n_sets);
	free(names);
	return nearest;
}
