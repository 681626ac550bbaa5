/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One set of ipset(8): its type and header, and its elements in a table of packed records.
 *
 * A record is what the kernel keeps of an element: the key (addresses, prefix lengths, port, ... as the type has them), flags
 * and the extensions that the set has (timeout, counters, comment, skbinfo). Sets of a million elements are ordinary, so a
 * record is as long as its set needs, and they lie side by side in one array with a table of their numbers beside it.
 *
 * Linux 6.18, net/netfilter/ipset: ip_set_core.c, ip_set_hash_gen.h, ip_set_bitmap_gen.h, ip_set_list_set.c. Private to
 * rules/ipset; who reads sets from outside includes rules/ipset/ipset.h.
 */
#ifndef RULES_IPSET_SET_H
#define RULES_IPSET_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/address.h"

enum { SET_NAME_LONGEST = 31, SET_DIMENSIONS_MOST = 3, SET_INTERFACE_LONGEST = 15, SET_MAC_LEN = 6, SET_PREFIX_MOST = 128 };

enum set_dimension {
	DIMENSION_NONE,			/* ends a type's list */
	DIMENSION_IP, DIMENSION_NET, DIMENSION_PORT, DIMENSION_MAC, DIMENSION_MARK, DIMENSION_INTERFACE, DIMENSION_SET,
};

enum set_storage { STORAGE_HASH, STORAGE_BITMAP, STORAGE_LIST };

struct set_type {
	const char *name;		/* "hash:ip,port" */
	enum set_storage storage;
	uint8_t dimensions[SET_DIMENSIONS_MOST + 1];	/* enum set_dimension; bitmap:port's port has no protocol */
	bool has_family;		/* its elements are of IPv4 or of IPv6 */
	bool has_nomatch;
	bool takes_any_net;		/* a prefix of length 0 is allowed */
	uint8_t n_needed;		/* how many dimensions an element must say; bitmap:ip,mac's MAC may come later */
};

/* Does the type's key have this dimension? */
static inline bool set_type_has(const struct set_type *type, enum set_dimension dimension)
{
	for (const uint8_t *at = type->dimensions; *at; at++) {
		if (*at == dimension)
			return true;
	}
	return false;
}

/* NULL when there is none; all of them, *n. */
const struct set_type *set_type_find(const char *name);
const struct set_type *set_type_all(size_t *n);

/* An element as a line of a file or a packet says it. */
struct set_element {
	struct address address[2];	/* of the first and the second dimension that is an IP or a NET */
	uint8_t prefix_len[2];
	uint16_t port;			/* ICMP: type << 8 | code */
	uint8_t protocol;
	uint32_t mark;
	uint8_t mac[SET_MAC_LEN];
	bool has_mac;
	char interface[SET_INTERFACE_LONGEST + 1];
	bool is_physdev, is_wildcard;
	bool is_nomatch;
	uint32_t member;		/* list:set: number of the set */
};

/* What is kept with an element, as far as its set has it. */
struct set_extension {
	int64_t deadline;		/* jiffies since the first packet; in a set that was only read: seconds; 0: never */
	uint64_t n_packets, n_bytes;
	const char *comment;		/* in the arena of what was read, or NULL */
	uint32_t mark, mark_mask, priority;
	uint16_t queue;
};

/* What "create" says. */
struct set_header {
	uint32_t hash_size, max_elements, bucket_size, list_size;
	uint32_t timeout;		/* default in seconds; 0: elements stay */
	bool has_timeout, has_counters, has_comment, has_skbinfo, is_forced;
	uint8_t netmask;		/* prefix length; 0: none */
	bool has_bitmask;
	struct address bitmask;
	uint32_t markmask;
	bool has_initval;
	uint32_t initval;
	uint32_t first, last;		/* the range of a bitmap: addresses in host order, or ports */
};

/* Prefix lengths that the elements of one dimension have, longest first. */
struct set_prefixes {
	uint32_t count[SET_PREFIX_MOST + 1];
	uint8_t lengths[SET_PREFIX_MOST + 1];
	uint8_t n_lengths;
};

struct set {
	const char *name;
	const struct set_type *type;
	uint8_t family;			/* enum family; FAMILY_NONE: any */
	struct set_header header;

	uint16_t key_len, hashed_len;	/* hash:net,iface is found by its network alone, then by interface */
	uint16_t key_at, flags_at, counters_at, deadline_at, comment_at, skbinfo_at, mac_at, record_len;
	uint8_t *records;		/* owned */
	uint32_t n_records, capacity;
	uint32_t *slots;		/* owned: record number + 1; 0: free. NULL for list:set */
	uint32_t n_slots;		/* a power of two */
	struct set_prefixes *prefixes;	/* owned: [2], for types with networks; else NULL */
	int64_t next_sweep;		/* jiffies: when expired elements are thrown out next */
	int64_t hz;			/* 0: the set was only read, time does not pass in it */
};

enum { SET_NOT_FOUND = UINT32_MAX };

/* Name, type, family and header are there: makes the layout of records. */
void set_init(struct set *set);
void set_clear(struct set *set);

/* A set of its own with the same elements, in which time begins. */
void set_copy(struct set *copy, const struct set *set, uint32_t hz);

/* The address under the first `prefix_len` bits; every other bit is zero. */
struct address set_mask(const struct set *set, const struct address *address, unsigned prefix_len);

/* The length of a host's prefix: 32 or 128. */
static inline unsigned set_host_len(const struct set *set)
{
	return set->family == FAMILY_IPV6 ? 128 : 32;
}

/* Is a record's time over at `now` (jiffies)? */
bool set_has_expired(const struct set *set, uint32_t record, int64_t now);

/* The record of exactly this element, expired or not; SET_NOT_FOUND. */
uint32_t set_find(const struct set *set, const struct set_element *element);

/*
 * hash:net,iface: the record of a network that fits the packet's interface. *has_network: some record has this network, so
 * shorter prefixes do not count.
 */
uint32_t set_find_interface(const struct set *set, const struct set_element *element, bool *has_network);

void set_read_element(const struct set *set, uint32_t record, struct set_element *element);
void set_read_extension(const struct set *set, uint32_t record, struct set_extension *extension);
void set_write_extension(struct set *set, uint32_t record, const struct set_extension *extension);
void set_write_flags(struct set *set, uint32_t record, const struct set_element *element);

/* bitmap:ip,mac: an address gets its MAC, and its time begins. */
void set_fill_mac(struct set *set, uint32_t record, const struct set_element *element, int64_t now);

/* The order of list:set is that of `before`: the record's number; n_records: at the end. */
void set_insert(struct set *set, const struct set_element *element, const struct set_extension *extension, uint32_t before);
void set_remove(struct set *set, uint32_t record);

/* Throws out what has expired, when it is time or `must`. */
void set_sweep(struct set *set, int64_t now, bool must);

#endif
