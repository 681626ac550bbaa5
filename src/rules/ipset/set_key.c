/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The types of sets, and the keys of their elements as bytes. */
#include <string.h>

#include "rules/ipset/set_key.h"

static const struct set_type types[] = {
	{ "bitmap:ip", STORAGE_BITMAP, { DIMENSION_IP }, true, false, false, 1 },
	{ "bitmap:ip,mac", STORAGE_BITMAP, { DIMENSION_IP, DIMENSION_MAC }, true, false, false, 1 },
	{ "bitmap:port", STORAGE_BITMAP, { DIMENSION_PORT }, false, false, false, 1 },
	{ "hash:ip", STORAGE_HASH, { DIMENSION_IP }, true, false, false, 1 },
	{ "hash:ip,mac", STORAGE_HASH, { DIMENSION_IP, DIMENSION_MAC }, true, false, false, 2 },
	{ "hash:ip,mark", STORAGE_HASH, { DIMENSION_IP, DIMENSION_MARK }, true, false, false, 2 },
	{ "hash:ip,port", STORAGE_HASH, { DIMENSION_IP, DIMENSION_PORT }, true, false, false, 2 },
	{ "hash:ip,port,ip", STORAGE_HASH, { DIMENSION_IP, DIMENSION_PORT, DIMENSION_IP }, true, false, false, 3 },
	{ "hash:ip,port,net", STORAGE_HASH, { DIMENSION_IP, DIMENSION_PORT, DIMENSION_NET }, true, true, false, 3 },
	{ "hash:mac", STORAGE_HASH, { DIMENSION_MAC }, false, false, false, 1 },
	{ "hash:net", STORAGE_HASH, { DIMENSION_NET }, true, true, false, 1 },
	{ "hash:net,iface", STORAGE_HASH, { DIMENSION_NET, DIMENSION_INTERFACE }, true, true, true, 2 },
	{ "hash:net,net", STORAGE_HASH, { DIMENSION_NET, DIMENSION_NET }, true, true, true, 2 },
	{ "hash:net,port", STORAGE_HASH, { DIMENSION_NET, DIMENSION_PORT }, true, true, false, 2 },
	{ "hash:net,port,net", STORAGE_HASH, { DIMENSION_NET, DIMENSION_PORT, DIMENSION_NET }, true, true, true, 3 },
	{ "list:set", STORAGE_LIST, { DIMENSION_SET }, false, false, false, 1 },
};

const struct set_type *set_type_find(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	}
	return NULL;
}

const struct set_type *set_type_all(size_t *n)
{
	*n = sizeof(types) / sizeof(types[0]);
	return types;
}

size_t set_key_address_len(const struct set *set)
{
	return set->family == FAMILY_IPV6 ? 16 : 4;
}

bool set_key_has_mac_aside(const struct set *set)
{
	return set->type->storage == STORAGE_BITMAP && set_type_has(set->type, DIMENSION_MAC);
}

size_t set_key_pack(const struct set *set, const struct set_element *element, uint8_t *key)
{
	uint8_t *at = key;
	unsigned n_addresses = 0;

	for (const uint8_t *dimension = set->type->dimensions; *dimension; dimension++) {
		switch (*dimension) {
		case DIMENSION_IP:
		case DIMENSION_NET:
			memcpy(at, &element->address[n_addresses], set_key_address_len(set));
			at += set_key_address_len(set);
			if (*dimension == DIMENSION_NET)
				*at++ = element->prefix_len[n_addresses];
			n_addresses++;
			break;
		case DIMENSION_PORT:
			memcpy(at, &element->port, sizeof(element->port));
			at += sizeof(element->port);
			*at++ = element->protocol;
			break;
		case DIMENSION_MAC:
			if (set_key_has_mac_aside(set))
				break;
			memcpy(at, element->mac, SET_MAC_LEN);
			at += SET_MAC_LEN;
			break;
		case DIMENSION_MARK:
			memcpy(at, &element->mark, sizeof(element->mark));
			at += sizeof(element->mark);
			break;
		case DIMENSION_SET:
			memcpy(at, &element->member, sizeof(element->member));
			at += sizeof(element->member);
			break;
		default:
			memcpy(at, element->interface, sizeof(element->interface));
			at += sizeof(element->interface);
			*at++ = element->is_physdev;
			break;
		}
	}
	return (size_t)(at - key);
}

void set_key_unpack(const struct set *set, const uint8_t *at, struct set_element *element)
{
	unsigned n_addresses = 0;

	memset(element, 0, sizeof(*element));
	for (const uint8_t *dimension = set->type->dimensions; *dimension; dimension++) {
		switch (*dimension) {
		case DIMENSION_IP:
		case DIMENSION_NET:
			memcpy(&element->address[n_addresses], at, set_key_address_len(set));
			at += set_key_address_len(set);
			element->prefix_len[n_addresses] = *dimension == DIMENSION_NET ? *at++ : (uint8_t)set_host_len(set);
			n_addresses++;
			break;
		case DIMENSION_PORT:
			memcpy(&element->port, at, sizeof(element->port));
			at += sizeof(element->port);
			element->protocol = *at++;
			break;
		case DIMENSION_MAC:
			if (set_key_has_mac_aside(set))
				break;
			memcpy(element->mac, at, SET_MAC_LEN);
			at += SET_MAC_LEN;
			element->has_mac = true;
			break;
		case DIMENSION_MARK:
			memcpy(&element->mark, at, sizeof(element->mark));
			at += sizeof(element->mark);
			break;
		case DIMENSION_SET:
			memcpy(&element->member, at, sizeof(element->member));
			at += sizeof(element->member);
			break;
		default:
			memcpy(element->interface, at, sizeof(element->interface));
			at += sizeof(element->interface);
			element->is_physdev = *at++;
			break;
		}
	}
}
