/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of the fields of a packet. */
#include "rules/extent.h"

static const uint64_t field_most[FIELD_COUNT] = {
	[FIELD_PROTOCOL] = 255,
	[FIELD_FRAGMENT] = 1,
	[FIELD_SOURCE_PORT] = 65535,
	[FIELD_DESTINATION_PORT] = 65535,
	[FIELD_ICMP] = 65535,
	[FIELD_CTSTATE] = 4,
	[FIELD_LENGTH] = UINT32_MAX,
};

int extent_compare(struct extent_value a, struct extent_value b)
{
	if (a.high != b.high)
		return a.high < b.high ? -1 : 1;
	return a.low == b.low ? 0 : a.low < b.low ? -1 : 1;
}

struct extent_value extent_before(struct extent_value value)
{
	value.high -= value.low == 0;
	value.low--;
	return value;
}

struct extent_value extent_after(struct extent_value value)
{
	value.low++;
	value.high += value.low == 0;
	return value;
}

static struct extent_value number(uint64_t value)
{
	return (struct extent_value){ .low = value };
}

struct extent_value extent_most(enum packet_field field, enum family family)
{
	if (field != FIELD_SOURCE && field != FIELD_DESTINATION)
		return number(field_most[field]);
	return family == FAMILY_IPV6 ? (struct extent_value){ UINT64_MAX, UINT64_MAX } : number(UINT32_MAX);
}

struct extent_value extent_of_address(enum family family, const struct address *address)
{
	struct extent_value value = { 0, 0 };
	uint8_t bytes[16];

	address_to_bytes(family, address, bytes);
	for (size_t i = 0; i < (family == FAMILY_IPV4 ? 4 : 16); i++) {
		value.high = value.high << 8 | value.low >> 56;
		value.low = value.low << 8 | bytes[i];
	}
	return value;
}

struct address extent_to_address(enum family family, struct extent_value value)
{
	uint8_t bytes[16];
	size_t len = family == FAMILY_IPV4 ? 4 : 16;

	for (size_t i = len; i-- > 0;) {
		bytes[i] = (uint8_t)value.low;
		value.low = value.low >> 8 | value.high << 56;
		value.high >>= 8;
	}
	return address_from_bytes(family, bytes);
}
