/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/ipset/read_options.h"

#include <stdio.h>
#include <string.h>

#include "rules/options.h"

enum { BITMAP_MOST = 65536, TIMEOUT_MOST = 2147483, LIST_SIZE = 8, HASH_SIZE = 1024, ELEMENTS_MOST = 65536, BUCKET_SIZE = 12 };

void set_options_default(struct set *set)
{
	set->family = set->type->has_family ? FAMILY_IPV4 : FAMILY_NONE;
	set->header = (struct set_header){
		.hash_size = HASH_SIZE, .max_elements = ELEMENTS_MOST, .bucket_size = BUCKET_SIZE, .list_size = LIST_SIZE,
		.markmask = UINT32_MAX, .first = 1,
	};
}

static bool read_number(struct set_reader *reader, const char *option, uint64_t most, uint64_t *number)
{
	const char *end;
	char *value;

	if (!set_reader_value(reader, option, &value))
		return false;
	if (options_read_number(value, &end, number) && !*end && *number <= most)
		return true;
	return set_reader_error(reader, NULL, "not a number that fits here:", value);
}

static bool read_u32(struct set_reader *reader, const char *option, uint32_t most, uint32_t *number)
{
	uint64_t value;

	if (!read_number(reader, option, most, &value))
		return false;
	*number = (uint32_t)value;
	return true;
}

static bool read_family(struct set_reader *reader, struct set *set)
{
	char *value;

	if (!set_reader_value(reader, "family", &value))
		return false;
	if (!set->type->has_family)
		return set_reader_error(reader, NULL, "this type of set has no family:", set->type->name);
	if (strcmp(value, "inet") == 0 || strcmp(value, "ipv4") == 0)
		set->family = FAMILY_IPV4;
	else if (strcmp(value, "inet6") == 0 || strcmp(value, "ipv6") == 0)
		set->family = FAMILY_IPV6;
	else
		return set_reader_error(reader, "inet or inet6", "unknown family", value);
	return true;
}

static bool read_netmask(struct set_reader *reader, struct set *set)
{
	uint32_t number;

	if (!read_u32(reader, "netmask", set_host_len(set), &number))
		return false;
	if (number == 0)
		return set_reader_error(reader, "1 to 32 (IPv6: 128)", "a netmask of no length", NULL);
	set->header.netmask = number == set_host_len(set) ? 0 : (uint8_t)number;
	return true;
}

static bool read_bitmask(struct set_reader *reader, struct set *set)
{
	enum family family;
	char *value;

	if (!set_reader_value(reader, "bitmask", &value))
		return false;
	if (!address_parse(value, strlen(value), &family, &set->header.bitmask) || family != set->family)
		return set_reader_error(reader, "like 255.255.0.255", "not a bitmask:", value);
	set->header.has_bitmask = true;
	return true;
}

/* "10.0.0.0/24", "10.0.0.0-10.0.0.255" */
static bool parse_address_range(struct set *set, const char *value)
{
	const char *dash = strchr(value, '-');
	struct masked_address range;
	struct address first, last;
	enum family family;

	if (dash) {
		if (!address_parse(value, (size_t)(dash - value), &family, &first) || family != FAMILY_IPV4 ||
		    !address_parse(dash + 1, strlen(dash + 1), &family, &last) || family != FAMILY_IPV4)
			return false;
		set->header.first = address_ipv4(&first);
		set->header.last = address_ipv4(&last);
		return set->header.first <= set->header.last;
	}
	if (!address_parse_masked(value, strlen(value), &family, &range) || family != FAMILY_IPV4)
		return false;
	set->header.first = address_ipv4(&range.address);
	set->header.last = set->header.first | ~address_ipv4(&range.mask);
	return true;
}

static bool parse_port_range(struct set *set, const char *value)
{
	int len = 0;

	return sscanf(value, "%u-%u%n", &set->header.first, &set->header.last, &len) == 2 && !value[len] &&
	       set->header.first <= set->header.last && set->header.last <= UINT16_MAX;
}

static bool read_range(struct set_reader *reader, struct set *set)
{
	char *value;

	if (!set_reader_value(reader, "range", &value))
		return false;
	if (set->type->storage != STORAGE_BITMAP)
		return set_reader_error(reader, NULL, "only bitmaps have a range:", value);
	if (set->type->has_family ? parse_address_range(set, value) : parse_port_range(set, value))
		return true;
	return set_reader_error(reader, set->type->has_family ? "like 10.0.0.0/24" : "like 1-1024", "not a range:", value);
}

bool set_options_read_create(struct set_reader *reader, struct set *set, const char *word)
{
	struct set_header *header = &set->header;
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {
		{ "counters", &header->has_counters }, { "comment", &header->has_comment },
		{ "skbinfo", &header->has_skbinfo }, { "forceadd", &header->is_forced },
	};
	const struct {
		const char *name;
		uint32_t *number, most;
		bool *flag;
	} numbers[] = {
		{ "hashsize", &header->hash_size, UINT32_MAX, NULL }, { "maxelem", &header->max_elements, UINT32_MAX, NULL },
		{ "bucketsize", &header->bucket_size, UINT8_MAX, NULL }, { "size", &header->list_size, UINT32_MAX, NULL },
		{ "markmask", &header->markmask, UINT32_MAX, NULL },
		{ "timeout", &header->timeout, TIMEOUT_MOST, &header->has_timeout },
		{ "initval", &header->initval, UINT32_MAX, &header->has_initval },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (strcmp(word, flags[i].name) == 0) {
			*flags[i].flag = true;
			return true;
		}
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (strcmp(word, numbers[i].name) != 0)
			continue;
		if (numbers[i].flag)
			*numbers[i].flag = true;
		return read_u32(reader, word, numbers[i].most, numbers[i].number);
	}
	if (strcmp(word, "family") == 0)
		return read_family(reader, set);
	if (strcmp(word, "netmask") == 0)
		return read_netmask(reader, set);
	if (strcmp(word, "bitmask") == 0)
		return read_bitmask(reader, set);
	if (strcmp(word, "range") == 0)
		return read_range(reader, set);
	return set_reader_error(reader, NULL, "this type of set has no option", word);
}

bool set_options_finish(struct set_reader *reader, struct set *set)
{
	struct set_header *header = &set->header;
	uint32_t block;

	if (set->type->storage != STORAGE_BITMAP)
		return true;
	if (set->type->has_family && !header->last)
		return set_reader_error(reader, "range 10.0.0.0/24, for example", "a bitmap needs a range:", set->type->name);
	if (!set->type->has_family && !header->last)
		return set_reader_error(reader, "range 1-1024, for example", "a bitmap needs a range:", set->type->name);
	block = set->type->has_family && header->netmask ? UINT32_C(1) << (32 - header->netmask) : 1;
	if ((header->last - header->first) / block >= BITMAP_MOST)
		return set_reader_error(reader, "at most 65536 elements", "the range is too large for", set->type->name);
	return true;
}

void set_options_start_addition(const struct set *set, struct set_addition *addition)
{
	*addition = (struct set_addition){ .extension = { .deadline = set->header.timeout } };
}

/* "MARK" or "MARK/MASK" */
static bool read_mark(struct set_reader *reader, struct set_extension *extension)
{
	uint64_t mark, mask = UINT32_MAX;
	const char *end;
	char *value;

	if (!set_reader_value(reader, "skbmark", &value))
		return false;
	if (!options_read_number(value, &end, &mark) || mark > UINT32_MAX ||
	    (*end == '/' && !options_read_number(end + 1, &end, &mask)) || *end || mask > UINT32_MAX)
		return set_reader_error(reader, "like 0x1 or 0x1/0xff", "not a mark:", value);
	extension->mark = (uint32_t)mark;
	extension->mark_mask = (uint32_t)mask;
	return true;
}

static bool read_priority(struct set_reader *reader, struct set_extension *extension)
{
	unsigned major, minor;
	char *value;
	int len = 0;

	if (!set_reader_value(reader, "skbprio", &value))
		return false;
	if (sscanf(value, "%4x:%4x%n", &major, &minor, &len) != 2 || value[len])
		return set_reader_error(reader, "two hexadecimal numbers: 1:10", "not a priority:", value);
	extension->priority = major << 16 | minor;
	return true;
}

static bool read_queue(struct set_reader *reader, struct set_extension *extension)
{
	uint64_t number;

	if (!read_number(reader, "skbqueue", UINT16_MAX, &number))
		return false;
	extension->queue = (uint16_t)number;
	return true;
}

static bool read_timeout(struct set_reader *reader, struct set_extension *extension)
{
	uint64_t number;

	if (!read_number(reader, "timeout", TIMEOUT_MOST, &number))
		return false;
	extension->deadline = (int64_t)number;
	return true;
}

static bool read_comment(struct set_reader *reader, struct set_extension *extension)
{
	char *value;

	if (!set_reader_value(reader, "comment", &value))
		return false;
	extension->comment = arena_copy_string(&reader->sets->arena, value);
	return true;
}

static bool read_neighbour(struct set_reader *reader, struct set_addition *addition, const char *word)
{
	char *value;

	if (!set_reader_value(reader, word, &value))
		return false;
	addition->has_neighbour = true;
	addition->is_after = strcmp(word, "after") == 0;
	addition->neighbour = ipsets_find(reader->sets, value);
	return addition->neighbour != IPSET_UNKNOWN || set_reader_error(reader, NULL, "there is no set", value);
}

/* Options that need something of the set: what it was created with. */
static bool check_support(struct set_reader *reader, const struct set *set, const char *word)
{
	const struct {
		const char *word, *needs;
		bool is_there;
	} needs[] = {
		{ "timeout", "timeout 0", set->header.has_timeout },
		{ "packets", "counters", set->header.has_counters }, { "bytes", "counters", set->header.has_counters },
		{ "comment", "comment", set->header.has_comment },
		{ "skbmark", "skbinfo", set->header.has_skbinfo }, { "skbprio", "skbinfo", set->header.has_skbinfo },
		{ "skbqueue", "skbinfo", set->header.has_skbinfo },
	};
	struct text hint;

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		if (strcmp(needs[i].word, word) != 0 || needs[i].is_there)
			continue;
		text_init(&hint);
		text_printf(&hint, "\"create %s ... %s\" makes it so", set->name, needs[i].needs);
		(void)set_reader_error(reader, text_string(&hint), "the set keeps no", word);
		text_clear(&hint);
		return false;
	}
	return true;
}

bool set_options_read_add(struct set_reader *reader, const struct set *set, struct set_addition *addition, const char *word)
{
	struct set_extension *extension = &addition->extension;

	if (!check_support(reader, set, word))
		return false;
	if (strcmp(word, "timeout") == 0)
		return read_timeout(reader, extension);
	if (strcmp(word, "packets") == 0)
		return read_number(reader, word, UINT64_MAX, &extension->n_packets);
	if (strcmp(word, "bytes") == 0)
		return read_number(reader, word, UINT64_MAX, &extension->n_bytes);
	if (strcmp(word, "comment") == 0)
		return read_comment(reader, extension);
	if (strcmp(word, "skbmark") == 0)
		return read_mark(reader, extension);
	if (strcmp(word, "skbprio") == 0)
		return read_priority(reader, extension);
	if (strcmp(word, "skbqueue") == 0)
		return read_queue(reader, extension);
	if (set->type->storage == STORAGE_LIST && (strcmp(word, "before") == 0 || strcmp(word, "after") == 0))
		return read_neighbour(reader, addition, word);
	if (set->type->has_nomatch && strcmp(word, "nomatch") == 0) {
		addition->is_nomatch = true;
		return true;
	}
	if (set_type_has(set->type, DIMENSION_INTERFACE) && strcmp(word, "wildcard") == 0) {
		addition->is_wildcard = true;
		return true;
	}
	return set_reader_error(reader, NULL, "elements of this set have no option", word);
}
