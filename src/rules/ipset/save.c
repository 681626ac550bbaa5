/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets as lines: what `ipset save` of ipset 7.17 prints. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "rules/ipset/ipset_parts.h"

/* Of a class for tc: major and minor, each of 16 bits. */
enum { PRIORITY_MINOR_BITS = 16 };

static void print_bitmap_range(const struct set *set, struct text *out)
{
	struct address first = address_from_ipv4(set->header.first), last = address_from_ipv4(set->header.last);

	text_append(out, " range ");
	if (!set->type->has_family) {
		text_printf(out, "%u-%u", set->header.first, set->header.last);
		return;
	}
	address_print(FAMILY_IPV4, &first, out);
	text_append_char(out, '-');
	address_print(FAMILY_IPV4, &last, out);
}

static void print_sizes(const struct set *set, struct text *out)
{
	const struct set_header *header = &set->header;

	if (set->type->has_family)
		text_append(out, set->family == FAMILY_IPV6 ? " family inet6" : " family inet");
	if (set_type_has(set->type, DIMENSION_MARK))
		text_printf(out, " markmask 0x%08x", header->markmask);
	text_printf(out, " hashsize %u maxelem %u", header->hash_size, header->max_elements);
}

void set_header_print(const struct set *set, struct text *out)
{
	const struct set_header *header = &set->header;

	text_printf(out, "create %s %s", set->name, set->type->name);
	if (set->type->storage == STORAGE_HASH)
		print_sizes(set, out);
	else if (set->type->storage == STORAGE_BITMAP)
		print_bitmap_range(set, out);
	else
		text_printf(out, " size %u", header->list_size);
	if (header->netmask)
		text_printf(out, " netmask %u", header->netmask);
	if (header->has_bitmask) {
		text_append(out, " bitmask ");
		address_print(set->family, &header->bitmask, out);
	}
	if (header->has_timeout)
		text_printf(out, " timeout %u", header->timeout);
	text_append(out, header->has_counters ? " counters" : "");
	text_append(out, header->has_comment ? " comment" : "");
	text_append(out, header->has_skbinfo ? " skbinfo" : "");
	if (set->type->storage == STORAGE_HASH)
		text_printf(out, " bucketsize %u", header->bucket_size);
	if (set->type->storage == STORAGE_HASH && header->has_initval)
		text_printf(out, " initval 0x%08x", header->initval);
}

static void print_info(const struct set_extension *extension, struct text *out)
{
	if (extension->mark || extension->mark_mask)
		text_printf(out, " skbmark 0x%x", extension->mark);
	if ((extension->mark || extension->mark_mask) && extension->mark_mask != UINT32_MAX)
		text_printf(out, "/0x%x", extension->mark_mask);
	if (extension->priority)
		text_printf(out, " skbprio %x:%x", extension->priority >> PRIORITY_MINOR_BITS, extension->priority & UINT16_MAX);
	if (extension->queue)
		text_printf(out, " skbqueue %u", extension->queue);
}

void set_extension_print(const struct set *set, const struct set_element *element, const struct set_extension *extension,
			 uint32_t seconds, struct text *out)
{
	if (set->header.has_timeout)
		text_printf(out, " timeout %u", seconds);
	text_append(out, element->is_nomatch ? " nomatch" : "");
	text_append(out, element->is_wildcard ? " wildcard" : "");
	if (set->header.has_counters)
		text_printf(out, " packets %" PRIu64 " bytes %" PRIu64, extension->n_packets, extension->n_bytes);
	if (extension->comment)
		text_printf(out, " comment \"%s\"", extension->comment);
	print_info(extension, out);
}

/* Linux 6.18, ip_set_timeout_get(): whole seconds, and never 0 for what has not ended. */
static uint32_t seconds_left(const struct set *set, const struct set_element *element, const struct set_extension *extension,
			     int64_t now)
{
	bool is_running = element->has_mac || set->type->storage != STORAGE_BITMAP || !set_type_has(set->type, DIMENSION_MAC);
	int64_t seconds;

	if (!extension->deadline || !set->hz)
		return (uint32_t)extension->deadline;
	seconds = (extension->deadline - (is_running ? now : 0)) / set->hz;
	return seconds < 1 ? 1 : (uint32_t)seconds;
}

static void print_record(const struct ipsets *sets, const struct set *set, uint32_t record, int64_t now, struct text *line)
{
	struct set_element element;
	struct set_extension extension;

	set_read_element(set, record, &element);
	set_read_extension(set, record, &extension);
	text_printf(line, "add %s ", set->name);
	set_element_print(sets, set, &element, line);
	set_extension_print(set, &element, &extension, seconds_left(set, &element, &extension, now), line);
}

/* A record's number and its value in a bitmap, so that qsort(3) needs nothing else. */
struct ranked {
	uint32_t value, record;
};

static int compare_ranks(const void *a, const void *b)
{
	uint32_t left = ((const struct ranked *)a)->value, right = ((const struct ranked *)b)->value;

	return left < right ? -1 : left > right;
}

/* Bitmaps are listed by value. */
static uint32_t *sort_records(const struct set *set)
{
	struct ranked *ranked;
	uint32_t *order;

	if (set->type->storage != STORAGE_BITMAP)
		return NULL;
	ranked = alloc_zeroed((size_t)set->n_records + 1, sizeof(*ranked));
	order = alloc_zeroed((size_t)set->n_records + 1, sizeof(*order));
	for (uint32_t i = 0; i < set->n_records; i++) {
		struct set_element element;

		set_read_element(set, i, &element);
		ranked[i].value = set->type->has_family ? address_ipv4(&element.address[0]) : element.port;
		ranked[i].record = i;
	}
	qsort(ranked, set->n_records, sizeof(*ranked), compare_ranks);
	for (uint32_t i = 0; i < set->n_records; i++)
		order[i] = ranked[i].record;
	free(ranked);
	return order;
}

/* The next set that this round lists; false when both rounds are over. */
static bool find_set(const struct ipsets *sets, struct ipsets_position *position)
{
	for (;; position->set++) {
		if (position->set == sets->n_sets) {
			if (position->is_listing_lists)
				return false;
			position->is_listing_lists = true;
			position->set = 0;
			if (!sets->n_sets)
				return false;
		}
		if ((sets->sets[position->set].type->storage == STORAGE_LIST) == position->is_listing_lists)
			return true;
	}
}

bool ipsets_next_line(const struct ipsets *sets, struct ipsets_position *position, struct vtime now, struct text *line)
{
	int64_t jiffies = sets->hz ? vtime_jiffies(now, sets->hz) : 0;
	const struct set *set;

	while (find_set(sets, position)) {
		set = &sets->sets[position->set];
		if (!position->has_header) {
			position->has_header = true;
			position->order = sort_records(set);
			set_header_print(set, line);
			return true;
		}
		while (position->record < set->n_records) {
			uint32_t record = position->order ? position->order[position->record] : position->record;

			position->record++;
			if (set_has_expired(set, record, jiffies))
				continue;
			print_record(sets, set, record, jiffies, line);
			return true;
		}
		ipsets_end(position);
		position->has_header = false;
		position->record = 0;
		position->set++;
	}
	return false;
}

void ipsets_end(struct ipsets_position *position)
{
	free(position->order);
	position->order = NULL;
}
