/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An element's key as bytes, by which it is found: what the dimensions of its type hold, one behind the other. Private to set.c. */
#ifndef RULES_IPSET_SET_KEY_H
#define RULES_IPSET_SET_KEY_H

#include "rules/ipset/set.h"

enum { SET_KEY_LONGEST = 80 };

/* The key's bytes, at most SET_KEY_LONGEST; their number is returned. */
size_t set_key_pack(const struct set *set, const struct set_element *element, uint8_t *key);

/* The element of a key; flags and what is no part of the key are left empty. */
void set_key_unpack(const struct set *set, const uint8_t *key, struct set_element *element);

/* Bytes of an address: of hash:net,iface what is hashed is one address and its prefix length. */
size_t set_key_address_len(const struct set *set);

/* The MAC of bitmap:ip,mac is a property of the address, no part of the key. */
bool set_key_has_mac_aside(const struct set *set);

#endif
