/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/extent.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "rules/extent_parts.h"

void extent_add_box(struct extent *extent, const struct extent_box *box)
{
	if ((extent->n_boxes & (extent->n_boxes - 1)) == 0)
		extent->boxes = alloc_resize(extent->boxes, extent->n_boxes ? extent->n_boxes * 2 : 1, sizeof(*box));
	extent->boxes[extent->n_boxes++] = *box;
}

void extent_init_all(struct extent *extent, enum family family)
{
	struct extent_box box = { .first = { { 0, 0 } } };

	memset(extent, 0, sizeof(*extent));
	for (int field = FIELD_NONE + 1; field < FIELD_COUNT; field++)
		box.last[field] = extent_most((enum packet_field)field, family);
	extent_add_box(extent, &box);
}

void extent_clear(struct extent *extent)
{
	for (size_t i = 0; i < extent->n_conditions; i++)
		free(extent->conditions[i]);
	free(extent->conditions);
	free(extent->boxes);
	memset(extent, 0, sizeof(*extent));
}

static bool has_condition(const struct extent *extent, const char *condition)
{
	for (size_t i = 0; i < extent->n_conditions; i++)
		if (strcmp(extent->conditions[i], condition) == 0)
			return true;
	return false;
}

/* "-i eth+" is met by whatever meets "-i eth0". */
static bool implies_interface(const struct extent *extent, const char *condition)
{
	size_t len = strlen(condition);

	if (strncmp(condition, "-i ", 3) != 0 && strncmp(condition, "-o ", 3) != 0)
		return false;
	if (condition[len - 1] != '+')
		return false;
	for (size_t i = 0; i < extent->n_conditions; i++)
		if (strncmp(extent->conditions[i], condition, len - 1) == 0)
			return true;
	return false;
}

static bool implies_all(const struct extent *extent, const struct extent *other)
{
	for (size_t i = 0; i < other->n_conditions; i++)
		if (!has_condition(extent, other->conditions[i]) && !implies_interface(extent, other->conditions[i]))
			return false;
	return true;
}

static bool overlap(const struct extent_box *a, const struct extent_box *b)
{
	for (int field = FIELD_NONE + 1; field < FIELD_COUNT; field++)
		if (extent_compare(a->last[field], b->first[field]) < 0 || extent_compare(b->last[field], a->first[field]) < 0)
			return false;
	return true;
}

/* The pieces of a box that are outside of another one with which it overlaps: at most two a field. */
static void add_rest(struct extent *extent, struct extent_box box, const struct extent_box *taken)
{
	for (int field = FIELD_NONE + 1; field < FIELD_COUNT; field++) {
		struct extent_box piece = box;

		if (extent_compare(box.first[field], taken->first[field]) < 0) {
			piece.last[field] = extent_before(taken->first[field]);
			extent_add_box(extent, &piece);
			box.first[field] = taken->first[field];
		}
		piece = box;
		if (extent_compare(taken->last[field], box.last[field]) < 0) {
			piece.first[field] = extent_after(taken->last[field]);
			extent_add_box(extent, &piece);
			box.last[field] = taken->last[field];
		}
	}
}

static bool subtract_box(struct extent *extent, const struct extent_box *taken)
{
	struct extent rest = { .boxes = NULL };
	bool is_less = false;

	for (size_t i = 0; i < extent->n_boxes; i++) {
		if (overlap(&extent->boxes[i], taken)) {
			is_less = true;
			add_rest(&rest, extent->boxes[i], taken);
		} else {
			extent_add_box(&rest, &extent->boxes[i]);
		}
	}
	if (!is_less || rest.n_boxes > EXTENT_MOST_BOXES) {
		free(rest.boxes);
		return false;
	}
	free(extent->boxes);
	extent->boxes = rest.boxes;
	extent->n_boxes = rest.n_boxes;
	return true;
}

bool extent_subtract(struct extent *extent, const struct extent *taken)
{
	bool is_less = false;

	if (taken->is_open || taken->is_too_large || !implies_all(extent, taken))
		return false;
	for (size_t i = 0; i < taken->n_boxes; i++)
		is_less |= subtract_box(extent, &taken->boxes[i]);
	return is_less;
}

/* Two rules for different interfaces have no packet in common. */
static bool have_other_interfaces(const struct extent *a, const struct extent *b)
{
	for (size_t i = 0; i < a->n_conditions; i++)
		for (size_t k = 0; k < b->n_conditions; k++) {
			const char *one = a->conditions[i], *two = b->conditions[k];
			bool is_interface = strncmp(one, "-i ", 3) == 0 || strncmp(one, "-o ", 3) == 0;

			if (is_interface && strncmp(one, two, 3) == 0 && one[strlen(one) - 1] != '+' &&
			    two[strlen(two) - 1] != '+' && strcmp(one, two) != 0)
				return true;
		}
	return false;
}

bool extent_is_disjoint(const struct extent *a, const struct extent *b)
{
	if (have_other_interfaces(a, b))
		return true;
	for (size_t i = 0; i < a->n_boxes; i++)
		for (size_t k = 0; k < b->n_boxes; k++)
			if (overlap(&a->boxes[i], &b->boxes[k]))
				return false;
	return true;
}
