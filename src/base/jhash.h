/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux 6.18, include/linux/jhash.h, jhash2(): Bob Jenkins' lookup3 (public domain) over 32-bit words. What the kernel
 * chooses by it (addresses of a NAT range, nodes of a cluster, HMARK's marks) depends on this hash alone.
 */
#ifndef BASE_JHASH_H
#define BASE_JHASH_H

#include <stddef.h>
#include <stdint.h>

uint32_t jhash(const uint32_t *words, size_t n_words, uint32_t initial);

/* Linux 6.18, reciprocal_scale(): a hash to a number below `n`. */
static inline uint32_t jhash_scale(uint32_t hash, uint32_t n)
{
	return (uint32_t)((uint64_t)hash * n >> 32);
}

/* Four bytes as x86 loads them: the hash is the same wherever it is computed. */
static inline uint32_t jhash_little_endian(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

#endif
