/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/jhash.h"

static uint32_t rotate_left(uint32_t value, unsigned by)
{
	return value << by | value >> (32 - by);
}

static void mix(uint32_t abc[3])
{
	uint32_t a = abc[0], b = abc[1], c = abc[2];

	a -= c; a ^= rotate_left(c, 4); c += b;
	b -= a; b ^= rotate_left(a, 6); a += c;
	c -= b; c ^= rotate_left(b, 8); b += a;
	a -= c; a ^= rotate_left(c, 16); c += b;
	b -= a; b ^= rotate_left(a, 19); a += c;
	c -= b; c ^= rotate_left(b, 4); b += a;
	abc[0] = a;
	abc[1] = b;
	abc[2] = c;
}

static uint32_t finish(const uint32_t abc[3])
{
	uint32_t a = abc[0], b = abc[1], c = abc[2];

	c ^= b; c -= rotate_left(b, 14);
	a ^= c; a -= rotate_left(c, 11);
	b ^= a; b -= rotate_left(a, 25);
	c ^= b; c -= rotate_left(b, 16);
	a ^= c; a -= rotate_left(c, 4);
	b ^= a; b -= rotate_left(a, 14);
	c ^= b; c -= rotate_left(b, 24);
	return c;
}

uint32_t jhash(const uint32_t *words, size_t n_words, uint32_t initial)
{
	uint32_t start = UINT32_C(0xdeadbeef) + (uint32_t)(n_words << 2) + initial, abc[3] = { start, start, start };

	for (; n_words > 3; n_words -= 3, words += 3) {
		for (unsigned i = 0; i < 3; i++)
			abc[i] += words[i];
		mix(abc);
	}
	for (size_t i = 0; i < n_words; i++)
		abc[i] += words[i];
	return n_words ? finish(abc) : abc[2];
}
