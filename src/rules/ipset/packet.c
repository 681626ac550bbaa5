/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets asked and changed by packets. Linux 6.18: ip_set_core.c, the *_kadt() function of each type, and mtype_test(),
 * mtype_test_cidrs(), mtype_add(), mtype_del() of ip_set_hash_gen.h.
 */
#include <string.h>

#include "rules/ipset/ipset_parts.h"
#include "rules/subject.h"

enum { DIMENSION_ONE, DIMENSION_TWO, DIMENSION_THREE };

/* How a packet is looked for: what the rule says, and what changes on the way through list:set. */
struct search {
	struct ipsets *sets;
	const struct ipset_query *query;
	const struct subject *subject;
	int64_t now;			/* jiffies */
	bool skips_counters;
	bool is_member;			/* of a list: the rule's tests of counters are the list's */
	struct ipset_info *info;
};

static bool wants_source(const struct search *search, unsigned dimension)
{
	return (search->query->sources >> dimension & 1) != 0;
}

static bool is_mac_given(const uint8_t *mac)
{
	static const uint8_t zero[SET_MAC_LEN];

	return memcmp(mac, zero, SET_MAC_LEN) != 0;
}

static bool take_mac(const struct search *search, unsigned dimension, struct set_element *element)
{
	const struct link_info *link = &search->subject->packet->link;
	bool is_source = wants_source(search, dimension);

	if (is_source ? !link->has_source_mac : !link->has_destination_mac)
		return false;
	memcpy(element->mac, is_source ? link->source_mac : link->destination_mac, SET_MAC_LEN);
	element->has_mac = true;
	return is_mac_given(element->mac);
}

/* The header's length up to which the kernel wants to see the protocol, 0 for one without ports. */
static uint32_t needed_len(uint8_t protocol)
{
	switch (protocol) {
	case PROTOCOL_TCP:
		return 20;
	case PROTOCOL_SCTP:
		return 12;
	case PROTOCOL_UDP:
	case PROTOCOL_UDPLITE:
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
		return 8;
	default:
		return 0;
	}
}

/* ip_set_get_ip4_port(), ip_set_get_ip6_port(): false when the packet does not show its ports. */
static bool take_port(const struct search *search, unsigned dimension, struct set_element *element)
{
	const struct packet *packet = search->subject->packet;
	bool is_icmp = packet->protocol == (packet->family == FAMILY_IPV6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP);
	uint32_t len = needed_len(packet->protocol);

	element->protocol = packet->protocol;
	if (packet->protocol == 0 || (packet->family == FAMILY_IPV6 && (packet->l4_unreachable || packet->fragment_offset)))
		return false;
	if (len == 0 || ((packet->protocol == PROTOCOL_ICMP || packet->protocol == PROTOCOL_ICMPV6) && !is_icmp))
		return true;
	if (packet->fragment_offset || packet->l4_len < len)
		return false;
	if (is_icmp) {
		element->port = (uint16_t)(packet->icmp_type << 8 | packet->icmp_code);
		return packet->has_l4;
	}
	element->port = wants_source(search, dimension) ? packet->source_port : packet->destination_port;
	return packet->has_ports;
}

static bool take_interface(const struct search *search, unsigned dimension, struct set_element *element)
{
	const char *name = wants_source(search, dimension) ? search->subject->in : search->subject->out;
	size_t len = strlen(name);

	if (!len || len > SET_INTERFACE_LONGEST)
		return false;
	memcpy(element->interface, name, len + 1);
	return true;
}

/* What of the packet dimension `n` of the set is about; false when the packet has nothing of the kind. */
static bool take_dimension(const struct search *search, const struct set *set, unsigned n, unsigned *n_addresses,
			   struct set_element *element)
{
	const struct packet *packet = search->subject->packet;

	switch (set->type->dimensions[n]) {
	case DIMENSION_IP:
	case DIMENSION_NET:
		element->address[*n_addresses] = wants_source(search, n) ? packet->source : packet->destination;
		element->prefix_len[(*n_addresses)++] = (uint8_t)set_host_len(set);
		return true;
	case DIMENSION_PORT:
		return take_port(search, n, element);
	case DIMENSION_MAC:
		return take_mac(search, n, element);
	case DIMENSION_MARK:
		element->mark = search->subject->mark & set->header.markmask;
		return true;
	default:
		return take_interface(search, n, element);
	}
}

/* hash:ip with netmask or bitmask: an address of nothing but zeros is no element. */
static bool shorten(const struct set *set, struct set_element *element)
{
	bool is_alone = set->type->storage == STORAGE_HASH && set->type->dimensions[1] == DIMENSION_NONE;

	if (!set_type_has(set->type, DIMENSION_IP))
		return true;
	if (set->header.netmask)
		element->address[0] = set_mask(set, &element->address[0], set->header.netmask);
	for (unsigned i = 0; set->header.has_bitmask && i < 4; i++)
		element->address[0].word[i] &= set->header.bitmask.word[i];
	return !is_alone || !address_is_unspecified(&element->address[0]);
}

static bool is_in_bitmap(const struct set *set, struct set_element *element)
{
	uint32_t value = set->type->has_family ? address_ipv4(&element->address[0]) : element->port;

	if (set->type->storage != STORAGE_BITMAP)
		return true;
	/* bitmap:port is of TCP and UDP alone, and knows no protocol. */
	if (!set->type->has_family && element->protocol != PROTOCOL_TCP && element->protocol != PROTOCOL_UDP)
		return false;
	element->protocol = 0;
	return value >= set->header.first && value <= set->header.last;
}

static bool take_element(const struct search *search, const struct set *set, struct set_element *element)
{
	unsigned n_addresses = 0;

	memset(element, 0, sizeof(*element));
	for (unsigned n = 0; set->type->dimensions[n]; n++) {
		if (!take_dimension(search, set, n, &n_addresses, element))
			return false;
	}
	return shorten(set, element) && is_in_bitmap(set, element);
}

static bool holds(const struct ipset_counter_test *test, uint64_t counter)
{
	switch (test->comparison) {
	case IPSET_EQUAL:
		return counter == test->value;
	case IPSET_NOT_EQUAL:
		return counter != test->value;
	case IPSET_LESS:
		return counter < test->value;
	case IPSET_GREATER:
		return counter > test->value;
	default:
		return true;
	}
}

/* ip_set_match_extensions(): an expired element is none; counters rise before they are tested. */
static bool passes_extensions(const struct search *search, struct set *set, uint32_t record, bool skips_counters, bool tests_counters)
{
	struct set_extension extension;

	if (set_has_expired(set, record, search->now))
		return false;
	if (!set->header.has_counters && !set->header.has_skbinfo)
		return true;
	set_read_extension(set, record, &extension);
	if (set->header.has_counters) {
		if (!skips_counters) {
			extension.n_packets++;
			extension.n_bytes += search->subject->packet->total_len;
			set_write_extension(set, record, &extension);
		}
		if (tests_counters && !(holds(&search->query->packets, extension.n_packets) &&
					holds(&search->query->bytes, extension.n_bytes)))
			return false;
	}
	if (set->header.has_skbinfo && search->info)
		*search->info = (struct ipset_info){ extension.mark, extension.mark_mask, extension.priority, extension.queue };
	return true;
}

/* 1: found; -1: found, and marked nomatch; 0: not found. */
static int judge(const struct search *search, struct set *set, uint32_t record)
{
	struct set_element element;

	if (!passes_extensions(search, set, record, search->skips_counters, !search->is_member))
		return 0;
	if (!set->type->has_nomatch)
		return 1;
	set_read_element(set, record, &element);
	return element.is_nomatch ? -1 : 1;
}

/* One network of a packet's address. *ends: shorter ones do not count any more (hash:net,iface). */
static int test_network(const struct search *search, struct set *set, const struct set_element *element, bool *ends)
{
	uint32_t record;
	int result = 0;

	*ends = false;
	if (set_type_has(set->type, DIMENSION_INTERFACE))
		record = set_find_interface(set, element, ends);
	else
		record = set_find(set, element);
	if (record != SET_NOT_FOUND) {
		result = judge(search, set, record);
		*ends = result != 0;
	}
	return result;
}

/* Every pair of prefix lengths that the set has, the longest first, the second dimension's within the first's. */
static int test_networks(const struct search *search, struct set *set, const struct set_element *wanted)
{
	static const struct set_prefixes none = { .n_lengths = 1 };
	const struct set_prefixes *first = set->prefixes[0].n_lengths ? &set->prefixes[0] : &none;
	const struct set_prefixes *second = set->prefixes[1].n_lengths ? &set->prefixes[1] : &none;
	struct set_element element = *wanted;

	if (first == &none && second == &none)
		return 0;
	for (unsigned i = 0; i < first->n_lengths; i++) {
		if (first != &none) {
			element.prefix_len[0] = first->lengths[i];
			element.address[0] = set_mask(set, &wanted->address[0], first->lengths[i]);
		}
		for (unsigned k = 0; k < second->n_lengths; k++) {
			bool ends;
			int result;

			if (second != &none) {
				element.prefix_len[1] = second->lengths[k];
				element.address[1] = set_mask(set, &wanted->address[1], second->lengths[k]);
			}
			result = test_network(search, set, &element, &ends);
			if (result || ends)
				return result;
		}
	}
	return 0;
}

/* bitmap:ip,mac: an address without a MAC takes that of the first packet that asks. */
static bool test_mac(struct set *set, uint32_t record, const struct set_element *wanted, int64_t now)
{
	struct set_element element;

	set_read_element(set, record, &element);
	if (element.has_mac)
		return memcmp(element.mac, wanted->mac, SET_MAC_LEN) == 0;
	set_fill_mac(set, record, wanted, now);
	return true;
}

static int test_element(const struct search *search, struct set *set, const struct set_element *element)
{
	uint32_t record;

	if (set->prefixes)
		return test_networks(search, set, element);
	record = set_find(set, element);
	if (record == SET_NOT_FOUND)
		return 0;
	if (set->type->storage == STORAGE_BITMAP && set_type_has(set->type, DIMENSION_MAC) && 
	    !test_mac(set, record, element, search->now))
		return 0;
	return judge(search, set, record);
}

static bool is_askable(const struct search *search, const struct set *set)
{
	unsigned n = 0;

	while (set->type->dimensions[n])
		n++;
	return search->query->n_dimensions >= n &&
	       (set->family == FAMILY_NONE || set->family == search->subject->packet->family);
}

static bool test_set(const struct search *search, uint32_t number);

/* list_set_ktest(): the first member that holds the packet, and whose own place in the list holds. */
static bool test_list(const struct search *search, struct set *list)
{
	struct search in_member = *search;

	in_member.is_member = true;
	in_member.skips_counters |= search->query->skips_member_counters;
	for (uint32_t i = 0; i < list->n_records; i++) {
		struct set_element element;

		set_read_element(list, i, &element);
		if (test_set(&in_member, element.member) &&
		    passes_extensions(search, list, i, search->skips_counters, true))
			return true;
	}
	return false;
}

/* ip_set_test() */
static bool test_set(const struct search *search, uint32_t number)
{
	struct set *set = &search->sets->sets[number];
	struct set_element element;
	int result;

	if (!is_askable(search, set))
		return false;
	if (set->type->storage == STORAGE_LIST)
		return test_list(search, set);
	if (!take_element(search, set, &element))
		return false;
	result = test_element(search, set, &element);
	return search->query->returns_nomatch && set->type->has_nomatch ? result < 0 : result > 0;
}

static struct search begin(struct ipsets *sets, const struct ipset_query *query, const struct subject *subject)
{
	return (struct search){
		.sets = sets,
		.query = query,
		.subject = subject,
		.now = vtime_jiffies(subject->now, sets->hz),
		.skips_counters = query->skips_counters,
	};
}

bool ipsets_test(struct ipsets *sets, const struct ipset_query *query, const struct subject *subject, struct ipset_info *info)
{
	struct search search = begin(sets, query, subject);

	search.info = info;
	return test_set(&search, query->set);
}

/* A packet's address becomes a network of the longest length that the set has (INIT_CIDR()). */
static bool widen(const struct set *set, struct set_element *element)
{
	for (unsigned i = 0; set->prefixes && i < 2; i++) {
		if (!set->prefixes[i].n_lengths)
			continue;
		element->prefix_len[i] = set->prefixes[i].lengths[0];
		element->address[i] = set_mask(set, &element->address[i], element->prefix_len[i]);
	}
	return !set_type_has(set->type, DIMENSION_INTERFACE) || element->prefix_len[0] > 0;
}

static void write_new(const struct search *search, const struct set *set, uint32_t timeout, struct set_extension *extension)
{
	if (timeout == IPSET_DEFAULT_TIMEOUT)
		timeout = set->header.timeout;
	*extension = (struct set_extension){
		.deadline = timeout ? search->now + (int64_t)timeout * set->hz : 0,
		.n_packets = 1,
		.n_bytes = search->subject->packet->total_len,
	};
}

/* Room for one more: expired elements go, and with forceadd the oldest one. */
static bool make_room(const struct search *search, struct set *set)
{
	if (set->type->storage == STORAGE_BITMAP || set->n_records < set->header.max_elements)
		return true;
	set_sweep(set, search->now, true);
	if (set->n_records >= set->header.max_elements && set->header.is_forced && set->n_records)
		set_remove(set, 0);
	return set->n_records < set->header.max_elements;
}

/* mtype_add(), bitmap's too; false when nothing was added. */
static bool add_element(const struct search *search, struct set *set, const struct set_element *element, uint32_t timeout,
			bool overwrites)
{
	struct set_extension extension;
	uint32_t record;

	set_sweep(set, search->now, false);
	record = set_find(set, element);
	write_new(search, set, timeout, &extension);
	if (record == SET_NOT_FOUND) {
		if (!make_room(search, set))
			return false;
		set_insert(set, element, &extension, set->n_records);
		return true;
	}
	if (!overwrites && !set_has_expired(set, record, search->now))
		return false;
	set_write_extension(set, record, &extension);
	set_write_flags(set, record, element);
	return true;
}

/* ip_set_add(), list_set_kadd(): the first member of a list that takes the packet. */
static bool add_to_set(const struct search *search, uint32_t number, uint32_t timeout, bool overwrites)
{
	struct set *set = &search->sets->sets[number];
	struct set_element element;

	if (!is_askable(search, set))
		return false;
	for (uint32_t i = 0; set->type->storage == STORAGE_LIST && i < set->n_records; i++) {
		set_read_element(set, i, &element);
		if (!set_has_expired(set, i, search->now) && add_to_set(search, element.member, timeout, overwrites))
			return true;
	}
	return set->type->storage != STORAGE_LIST && take_element(search, set, &element) && widen(set, &element) &&
	       add_element(search, set, &element, timeout, overwrites);
}

void ipsets_add(struct ipsets *sets, const struct ipset_query *query, const struct subject *subject, uint32_t timeout,
		bool overwrites)
{
	struct search search = begin(sets, query, subject);

	(void)add_to_set(&search, query->set, timeout, overwrites);
}

static bool remove_from_set(const struct search *search, uint32_t number)
{
	struct set *set = &search->sets->sets[number];
	struct set_element element;
	uint32_t record;

	if (!is_askable(search, set))
		return false;
	for (uint32_t i = 0; set->type->storage == STORAGE_LIST && i < set->n_records; i++) {
		set_read_element(set, i, &element);
		if (!set_has_expired(set, i, search->now) && remove_from_set(search, element.member))
			return true;
	}
	if (set->type->storage == STORAGE_LIST || !take_element(search, set, &element) || !widen(set, &element))
		return false;
	record = set_find(set, &element);
	if (record == SET_NOT_FOUND || set_has_expired(set, record, search->now))
		return false;
	set_remove(set, record);
	return true;
}

void ipsets_remove(struct ipsets *sets, const struct ipset_query *query, const struct subject *subject)
{
	struct search search = begin(sets, query, subject);

	(void)remove_from_set(&search, query->set);
}
