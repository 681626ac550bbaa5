/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/compare_doubt.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void compare_doubt_clear(struct compare_doubt *doubt)
{
	for (int side = 0; side < SIDE_COUNT; side++) {
		free(doubt->taints[side].bytes);
		free(doubt->taints[side].others);
	}
	free(doubt->parted);
}

static void reserve(struct compare_taint *taint, uint64_t entry)
{
	size_t n;

	if (entry < taint->n)
		return;
	n = alloc_grown_capacity(taint->n, entry + 1);
	taint->bytes = alloc_resize(taint->bytes, n, sizeof(*taint->bytes));
	taint->others = alloc_resize(taint->others, n, sizeof(*taint->others));
	memset(taint->bytes + taint->n, 0, (n - taint->n) * sizeof(*taint->bytes));
	memset(taint->others + taint->n, 0, (n - taint->n) * sizeof(*taint->others));
	taint->n = n;
}

/* An entry that gets another partner: the packet at hand passed by the old one, on one side alone. */
static void doubt_partner(struct compare_doubt *doubt, enum compare_side side, uint64_t entry, uint64_t new_partner)
{
	enum compare_side other_side = side == SIDE_KERNEL ? SIDE_OURS : SIDE_KERNEL;
	uint64_t old = doubt->taints[side].others[entry];

	if (old && old != new_partner)
		doubt->taints[other_side].bytes[old] = true;
}

void compare_doubt_link(struct compare_doubt *doubt, uint64_t kernel, uint64_t ours)
{
	if (!kernel || !ours)
		return;
	reserve(&doubt->taints[SIDE_KERNEL], kernel);
	reserve(&doubt->taints[SIDE_OURS], ours);
	doubt_partner(doubt, SIDE_KERNEL, kernel, ours);
	doubt_partner(doubt, SIDE_OURS, ours, kernel);
	doubt->taints[SIDE_KERNEL].others[kernel] = ours;
	doubt->taints[SIDE_OURS].others[ours] = kernel;
}

void compare_doubt_set(struct compare_doubt *doubt, enum compare_side side, uint64_t entry, bool is_in_doubt)
{
	enum compare_side other_side = side == SIDE_KERNEL ? SIDE_OURS : SIDE_KERNEL;
	uint64_t other;

	if (!entry)
		return;
	reserve(&doubt->taints[side], entry);
	doubt->taints[side].bytes[entry] = is_in_doubt;
	other = doubt->taints[side].others[entry];
	if (other)
		doubt->taints[other_side].bytes[other] = is_in_doubt;
}

bool compare_doubt_has(const struct compare_doubt *doubt, enum compare_side side, uint64_t entry)
{
	return entry < doubt->taints[side].n && doubt->taints[side].bytes[entry];
}

bool compare_doubt_has_lone(const struct compare_doubt *doubt)
{
	for (int side = 0; side < SIDE_COUNT; side++)
		for (size_t i = 0; i < doubt->taints[side].n; i++)
			if (doubt->taints[side].bytes[i] && !doubt->taints[side].others[i])
				return true;
	return false;
}

static bool is_between(const struct compare_ends *parted, const struct packet *packet)
{
	const struct address *a = &parted->ends[0], *b = &parted->ends[1];

	return packet->protocol == parted->protocol &&
	       ((address_is_equal(a, &packet->source) && address_is_equal(b, &packet->destination)) ||
		(address_is_equal(b, &packet->source) && address_is_equal(a, &packet->destination)));
}

bool compare_doubt_has_parted(const struct compare_doubt *doubt, const struct packet *packet)
{
	for (size_t i = 0; i < doubt->n_parted; i++)
		if (is_between(&doubt->parted[i], packet))
			return true;
	return false;
}

void compare_doubt_part(struct compare_doubt *doubt, const struct packet *packet)
{
	if (compare_doubt_has_parted(doubt, packet))
		return;
	doubt->parted = alloc_resize(doubt->parted, doubt->n_parted + 1, sizeof(*doubt->parted));
	doubt->parted[doubt->n_parted++] = (struct compare_ends){
		.ends = { packet->source, packet->destination }, .protocol = packet->protocol,
	};
}
