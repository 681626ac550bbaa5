/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/fib_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Routes of one table, family and length of prefix. */
struct group {
	uint32_t table;
	enum family family;
	struct address mask;
	size_t first, n;	/* of fib_index.routes */
};

struct fib_index {
	const struct route **routes;	/* owned; in a group by address, then as they are sorted */
	struct group *groups;		/* owned; as routes are sorted: by table, family, longest prefix */
	size_t n_groups;
};

static int compare_addresses(const struct address *a, const struct address *b)
{
	return memcmp(a->word, b->word, sizeof(a->word));
}

static int compare(const void *one, const void *other)
{
	const struct route *a = *(const struct route *const *)one, *b = *(const struct route *const *)other;
	int by_address = compare_addresses(&a->destination.address, &b->destination.address);

	return by_address ? by_address : a < b ? -1 : 1;
}

static bool is_of(const struct group *group, const struct route *route)
{
	return group->table == route->table && group->family == route->family &&
	       compare_addresses(&group->mask, &route->destination.mask) == 0;
}

struct fib_index *fib_index_create(const struct topology *topology)
{
	struct fib_index *index = alloc_zeroed(1, sizeof(*index));

	index->routes = alloc_zeroed(topology->n_routes + 1, sizeof(*index->routes));
	index->groups = alloc_zeroed(topology->n_routes + 1, sizeof(*index->groups));
	for (size_t i = 0; i < topology->n_routes; i++) {
		const struct route *route = &topology->routes[i];
		struct group *group = index->n_groups ? &index->groups[index->n_groups - 1] : NULL;

		index->routes[i] = route;
		if (!group || !is_of(group, route)) {
			group = &index->groups[index->n_groups++];
			*group = (struct group){
				.table = route->table, .family = route->family, .mask = route->destination.mask, .first = i,
			};
		}
		group->n++;
	}
	for (size_t i = 0; i < index->n_groups; i++)
		qsort(&index->routes[index->groups[i].first], index->groups[i].n, sizeof(*index->routes), compare);
	return index;
}

void fib_index_destroy(struct fib_index *index)
{
	if (!index)
		return;
	free(index->routes);
	free(index->groups);
	free(index);
}

static bool is_before(const struct group *group, uint32_t table, enum family family)
{
	return group->table != table ? group->table < table : group->family < family;
}

/* The first group that is not before the table and family. */
static size_t first_group(const struct fib_index *index, uint32_t table, enum family family)
{
	size_t low = 0, high = index->n_groups;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (is_before(&index->groups[middle], table, family))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct route *find_in_group(const struct fib_index *index, const struct group *group, const struct address *address,
					 bool takes_dead)
{
	size_t low = group->first, end = group->first + group->n, high = end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_addresses(&index->routes[middle]->destination.address, address) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < end && compare_addresses(&index->routes[low]->destination.address, address) == 0; low++) {
		if (takes_dead || !index->routes[low]->is_dead)
			return index->routes[low];
	}
	return NULL;
}

const struct route *fib_index_find(const struct fib_index *index, uint32_t table, enum family family,
				   const struct address *destination, bool takes_dead)
{
	for (size_t i = first_group(index, table, family); i < index->n_groups; i++) {
		const struct group *group = &index->groups[i];
		const struct route *route;
		struct address masked;

		if (group->table != table || group->family != family)
			break;
		for (int k = 0; k < 4; k++)
			masked.word[k] = destination->word[k] & group->mask.word[k];
		route = find_in_group(index, group, &masked, takes_dead);
		if (route)
			return route;
	}
	return NULL;
}
