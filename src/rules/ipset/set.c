/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/ipset/set.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "rules/ipset/set_key.h"

enum { SLOTS_FEWEST = 16 };
enum element_flag { ELEMENT_NOMATCH = 1 << 0, ELEMENT_WILDCARD = 1 << 1, ELEMENT_HAS_MAC = 1 << 2 };

/* Takes `len` bytes of the record; their place. */
static uint16_t reserve(struct set *set, bool is_there, size_t len)
{
	uint16_t at = set->record_len;

	if (is_there)
		set->record_len = (uint16_t)(at + len);
	return is_there ? at : 0;
}

/* The extensions first, the widest of them first, so that all are aligned; the key and its flags behind. */
void set_init(struct set *set)
{
	const struct set_header *header = &set->header;
	static const struct set_element nothing;
	uint8_t key[SET_KEY_LONGEST];
	uint16_t align;

	set->key_len = (uint16_t)set_key_pack(set, &nothing, key);
	set->hashed_len = set->key_len;
	if (set_type_has(set->type, DIMENSION_INTERFACE))
		set->hashed_len = (uint16_t)(set_key_address_len(set) + 1);
	set->deadline_at = reserve(set, header->has_timeout, sizeof(int64_t));
	set->counters_at = reserve(set, header->has_counters, 2 * sizeof(uint64_t));
	set->comment_at = reserve(set, header->has_comment, sizeof(char *));
	set->skbinfo_at = reserve(set, header->has_skbinfo, 4 * sizeof(uint32_t));
	align = set->record_len ? sizeof(uint64_t) : 1;
	set->key_at = reserve(set, true, set->key_len);
	set->flags_at = reserve(set, true, 1);
	set->mac_at = reserve(set, set_key_has_mac_aside(set), SET_MAC_LEN);
	set->record_len = (uint16_t)((set->record_len + align - 1) / align * align);
	if (set_type_has(set->type, DIMENSION_NET))
		set->prefixes = alloc_zeroed(2, sizeof(*set->prefixes));
}

void set_clear(struct set *set)
{
	free(set->records);
	free(set->slots);
	free(set->prefixes);
	set->records = NULL;
	set->slots = NULL;
	set->prefixes = NULL;
}

static uint8_t *record_at(const struct set *set, uint32_t record)
{
	return set->records + (size_t)record * set->record_len;
}

static const uint8_t *key_of(const struct set *set, uint32_t record)
{
	return record_at(set, record) + set->key_at;
}

void set_copy(struct set *copy, const struct set *set, uint32_t hz)
{
	*copy = *set;
	copy->hz = hz;
	copy->capacity = set->n_records;
	copy->records = alloc_zeroed((size_t)set->n_records + 1, set->record_len);
	if (set->n_records)
		memcpy(copy->records, set->records, (size_t)set->n_records * set->record_len);
	if (set->slots) {
		copy->slots = alloc_zeroed(set->n_slots, sizeof(*copy->slots));
		memcpy(copy->slots, set->slots, set->n_slots * sizeof(*copy->slots));
	}
	if (set->prefixes) {
		copy->prefixes = alloc_zeroed(2, sizeof(*copy->prefixes));
		memcpy(copy->prefixes, set->prefixes, 2 * sizeof(*copy->prefixes));
	}
	for (uint32_t i = 0; set->header.has_timeout && i < set->n_records; i++) {
		int64_t deadline;

		memcpy(&deadline, record_at(copy, i) + set->deadline_at, sizeof(deadline));
		deadline *= hz;
		memcpy(record_at(copy, i) + set->deadline_at, &deadline, sizeof(deadline));
	}
}

struct address set_mask(const struct set *set, const struct address *address, unsigned prefix_len)
{
	struct address mask = address_prefix_mask(set->family, prefix_len), masked;

	for (unsigned i = 0; i < 4; i++)
		masked.word[i] = address->word[i] & mask.word[i];
	return masked;
}

/* bitmap:ip,mac: the time of an address begins when its MAC is known. */
static bool is_unfilled(const struct set *set, uint32_t record)
{
	return set_key_has_mac_aside(set) && !(record_at(set, record)[set->flags_at] & ELEMENT_HAS_MAC);
}

bool set_has_expired(const struct set *set, uint32_t record, int64_t now)
{
	int64_t deadline;

	if (!set->header.has_timeout || !set->hz || is_unfilled(set, record))
		return false;
	memcpy(&deadline, record_at(set, record) + set->deadline_at, sizeof(deadline));
	/* Linux 6.18, ip_set_timeout_expired(): the deadline's own jiffy is still in time. */
	return deadline && now > deadline;
}

/* FNV-1a over four bytes at a time, and a last mixing: the order that it makes never shows. */
static uint32_t hash_of(const uint8_t *key, size_t len)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	uint32_t piece;

	for (; len >= sizeof(piece); key += sizeof(piece), len -= sizeof(piece)) {
		memcpy(&piece, key, sizeof(piece));
		hash = (hash ^ piece) * UINT64_C(0x100000001b3);
		hash ^= hash >> 29;
	}
	for (; len; key++, len--)
		hash = (hash ^ *key) * UINT64_C(0x100000001b3);
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(hash >> 32);
}

static uint32_t first_slot(const struct set *set, const uint8_t *key)
{
	return hash_of(key, set->hashed_len) & (set->n_slots - 1);
}

static uint32_t find_in_list(const struct set *set, const uint8_t *key)
{
	for (uint32_t i = 0; i < set->n_records; i++) {
		if (memcmp(key_of(set, i), key, set->key_len) == 0)
			return i;
	}
	return SET_NOT_FOUND;
}

uint32_t set_find(const struct set *set, const struct set_element *element)
{
	uint8_t key[SET_KEY_LONGEST];

	set_key_pack(set, element, key);
	if (set->type->storage == STORAGE_LIST)
		return find_in_list(set, key);
	if (!set->n_slots)
		return SET_NOT_FOUND;
	for (uint32_t at = first_slot(set, key); set->slots[at]; at = (at + 1) & (set->n_slots - 1)) {
		if (memcmp(key_of(set, set->slots[at] - 1), key, set->key_len) == 0)
			return set->slots[at] - 1;
	}
	return SET_NOT_FOUND;
}

static bool fits_interface(const struct set *set, uint32_t record, const char *interface)
{
	struct set_element stored;
	size_t len;

	set_read_element(set, record, &stored);
	len = strlen(stored.interface);
	/* No rule asks for the port of a bridge. */
	if (stored.is_physdev)
		return false;
	return stored.is_wildcard ? strncmp(stored.interface, interface, len) == 0 : strcmp(stored.interface, interface) == 0;
}

uint32_t set_find_interface(const struct set *set, const struct set_element *element, bool *has_network)
{
	uint8_t key[SET_KEY_LONGEST];

	*has_network = false;
	if (!set->n_slots)
		return SET_NOT_FOUND;
	set_key_pack(set, element, key);
	for (uint32_t at = first_slot(set, key); set->slots[at]; at = (at + 1) & (set->n_slots - 1)) {
		uint32_t record = set->slots[at] - 1;

		if (memcmp(key_of(set, record), key, set->hashed_len) != 0)
			continue;
		*has_network = true;
		if (fits_interface(set, record, element->interface))
			return record;
	}
	return SET_NOT_FOUND;
}

void set_read_element(const struct set *set, uint32_t record, struct set_element *element)
{
	uint8_t flags = record_at(set, record)[set->flags_at];

	set_key_unpack(set, key_of(set, record), element);
	element->is_nomatch = flags & ELEMENT_NOMATCH;
	element->is_wildcard = (flags & ELEMENT_WILDCARD) != 0;
	if (set_key_has_mac_aside(set)) {
		element->has_mac = (flags & ELEMENT_HAS_MAC) != 0;
		memcpy(element->mac, record_at(set, record) + set->mac_at, SET_MAC_LEN);
	}
}

void set_fill_mac(struct set *set, uint32_t record, const struct set_element *element, int64_t now)
{
	struct set_extension extension;

	set_write_flags(set, record, element);
	set_read_extension(set, record, &extension);
	extension.deadline += extension.deadline ? now : 0;
	set_write_extension(set, record, &extension);
}

void set_write_flags(struct set *set, uint32_t record, const struct set_element *element)
{
	uint8_t *bytes = record_at(set, record);

	bytes[set->flags_at] = (uint8_t)((element->is_nomatch ? ELEMENT_NOMATCH : 0) |
					 (element->is_wildcard ? ELEMENT_WILDCARD : 0) |
					 (element->has_mac ? ELEMENT_HAS_MAC : 0));
	if (set_key_has_mac_aside(set))
		memcpy(bytes + set->mac_at, element->mac, SET_MAC_LEN);
}

void set_read_extension(const struct set *set, uint32_t record, struct set_extension *extension)
{
	const uint8_t *bytes = record_at(set, record);
	uint64_t counters[2];
	uint32_t info[4];

	*extension = (struct set_extension){ .deadline = 0 };
	if (set->header.has_timeout)
		memcpy(&extension->deadline, bytes + set->deadline_at, sizeof(extension->deadline));
	if (set->header.has_comment)
		memcpy(&extension->comment, bytes + set->comment_at, sizeof(extension->comment));
	if (set->header.has_counters) {
		memcpy(counters, bytes + set->counters_at, sizeof(counters));
		extension->n_packets = counters[0];
		extension->n_bytes = counters[1];
	}
	if (set->header.has_skbinfo) {
		memcpy(info, bytes + set->skbinfo_at, sizeof(info));
		extension->mark = info[0];
		extension->mark_mask = info[1];
		extension->priority = info[2];
		extension->queue = (uint16_t)info[3];
	}
}

void set_write_extension(struct set *set, uint32_t record, const struct set_extension *extension)
{
	const uint64_t counters[2] = { extension->n_packets, extension->n_bytes };
	const uint32_t info[4] = { extension->mark, extension->mark_mask, extension->priority, extension->queue };
	uint8_t *bytes = record_at(set, record);

	if (set->header.has_timeout)
		memcpy(bytes + set->deadline_at, &extension->deadline, sizeof(extension->deadline));
	if (set->header.has_comment)
		memcpy(bytes + set->comment_at, &extension->comment, sizeof(extension->comment));
	if (set->header.has_counters)
		memcpy(bytes + set->counters_at, counters, sizeof(counters));
	if (set->header.has_skbinfo)
		memcpy(bytes + set->skbinfo_at, info, sizeof(info));
}

static void file_record(struct set *set, uint32_t record)
{
	uint32_t at = first_slot(set, key_of(set, record));

	while (set->slots[at])
		at = (at + 1) & (set->n_slots - 1);
	set->slots[at] = record + 1;
}

static void grow_slots(struct set *set)
{
	set->n_slots = set->n_slots ? set->n_slots * 2 : SLOTS_FEWEST;
	free(set->slots);
	set->slots = alloc_zeroed(set->n_slots, sizeof(*set->slots));
	for (uint32_t i = 0; i < set->n_records; i++)
		file_record(set, i);
}

static void count_prefix(struct set_prefixes *prefixes, unsigned prefix_len)
{
	unsigned at = 0;

	if (prefixes->count[prefix_len]++)
		return;
	while (at < prefixes->n_lengths && prefixes->lengths[at] > prefix_len)
		at++;
	memmove(&prefixes->lengths[at + 1], &prefixes->lengths[at], prefixes->n_lengths - at);
	prefixes->lengths[at] = (uint8_t)prefix_len;
	prefixes->n_lengths++;
}

static void uncount_prefix(struct set_prefixes *prefixes, unsigned prefix_len)
{
	unsigned at = 0;

	if (--prefixes->count[prefix_len])
		return;
	while (prefixes->lengths[at] != prefix_len)
		at++;
	memmove(&prefixes->lengths[at], &prefixes->lengths[at + 1], prefixes->n_lengths - at - 1u);
	prefixes->n_lengths--;
}

/* A network's place among the addresses: hash:ip,port,net has it second. */
static void count_prefixes(struct set *set, const struct set_element *element, void (*count)(struct set_prefixes *, unsigned))
{
	unsigned n_addresses = 0;

	for (const uint8_t *dimension = set->type->dimensions; set->prefixes && *dimension; dimension++) {
		if (*dimension == DIMENSION_NET)
			count(&set->prefixes[n_addresses], element->prefix_len[n_addresses]);
		n_addresses += *dimension == DIMENSION_IP || *dimension == DIMENSION_NET;
	}
}

void set_insert(struct set *set, const struct set_element *element, const struct set_extension *extension, uint32_t before)
{
	uint32_t record = set->n_records;

	if (set->n_records == set->capacity) {
		set->capacity = set->capacity ? set->capacity * 2 : 4;
		set->records = alloc_resize(set->records, set->capacity, set->record_len);
	}
	if (set->type->storage == STORAGE_LIST) {
		record = before;
		memmove(record_at(set, record + 1), record_at(set, record), (size_t)(set->n_records - record) * set->record_len);
	}
	set->n_records++;
	memset(record_at(set, record), 0, set->record_len);
	set_key_pack(set, element, record_at(set, record) + set->key_at);
	set_write_flags(set, record, element);
	set_write_extension(set, record, extension);
	count_prefixes(set, element, count_prefix);
	if (set->type->storage == STORAGE_LIST)
		return;
	/* At most half of the slots are taken. */
	if (set->n_records * 2 > set->n_slots)
		grow_slots(set);
	else
		file_record(set, record);
}

static uint32_t slot_of(const struct set *set, uint32_t record)
{
	uint32_t at = first_slot(set, key_of(set, record));

	while (set->slots[at] != record + 1)
		at = (at + 1) & (set->n_slots - 1);
	return at;
}

/* Frees a slot; those behind it that were pushed on move up, so that no search ends too early. */
static void free_slot(struct set *set, uint32_t hole)
{
	uint32_t mask = set->n_slots - 1;

	for (uint32_t at = (hole + 1) & mask; set->slots[at]; at = (at + 1) & mask) {
		uint32_t wanted = first_slot(set, key_of(set, set->slots[at] - 1));

		if (((at - wanted) & mask) < ((at - hole) & mask))
			continue;
		set->slots[hole] = set->slots[at];
		hole = at;
	}
	set->slots[hole] = 0;
}

/* The last record takes the place of the one that goes; list:set keeps its order. */
void set_remove(struct set *set, uint32_t record)
{
	uint32_t last = set->n_records - 1;
	struct set_element element;

	set_read_element(set, record, &element);
	count_prefixes(set, &element, uncount_prefix);
	if (set->type->storage == STORAGE_LIST) {
		memmove(record_at(set, record), record_at(set, record + 1), (size_t)(last - record) * set->record_len);
		set->n_records--;
		return;
	}
	free_slot(set, slot_of(set, record));
	if (record != last) {
		set->slots[slot_of(set, last)] = record + 1;
		memcpy(record_at(set, record), record_at(set, last), set->record_len);
	}
	set->n_records--;
}

/* Linux 6.18, IPSET_GC_PERIOD(): a third of the set's timeout, at least a second, at most three minutes. */
static int64_t sweep_period(const struct set *set)
{
	int64_t seconds = set->header.timeout / 3;

	return (seconds < 1 ? 1 : seconds > 180 ? 180 : seconds) * set->hz;
}

void set_sweep(struct set *set, int64_t now, bool must)
{
	if (!set->header.has_timeout || (!must && now < set->next_sweep))
		return;
	set->next_sweep = now + sweep_period(set);
	for (uint32_t i = set->n_records; i-- > 0;) {
		if (set_has_expired(set, i, now))
			set_remove(set, i);
	}
}
