/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading ASN.1 messages in the packed encoding rules (ITU-T X.691, basic aligned PER), as far as H.323 needs it.
 *
 * What a message looks like is a tree of constant types (helper/h225_types.c, helper/h245_types.c). per_read() walks a
 * message along such a tree and notes where the things stand that a helper wants to know; everything else is stepped
 * over. The reader never leaves the message. Where Linux 6.18, nf_conntrack_h323_asn1.c, reads differently from X.691,
 * so does this, and says so.
 */
#ifndef CONNTRACK_HELPER_PER_H
#define CONNTRACK_HELPER_PER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum per_kind {
	PER_NULL,
	PER_BITS,		/* `bits` bits: BOOLEAN, small INTEGER, or several in a row */
	PER_BYTES,		/* `least` bytes, aligned: INTEGER of one or two bytes, fixed OCTET STRING */
	PER_NUMBER,		/* INTEGER of up to four bytes: two bits of length, the bytes. Lower bound `least` */
	PER_BIG_NUMBER,		/* INTEGER without bounds: a length, the bytes */
	PER_STRING,		/* `least` plus a number of `bits` bits (0: a general length) of units of `unit` bits */
	PER_SEQUENCE,
	PER_SEQUENCE_OF,	/* a general length of items: the one type in `fields` */
	PER_CHOICE,
	PER_OPEN,		/* a length and the bytes of something that is not looked at */
};

struct per_type;

/* A component of a SEQUENCE, an alternative of a CHOICE, the item of a SEQUENCE OF. */
struct per_field {
	const struct per_type *type;	/* NULL: stepped over, by its length */
	uint8_t role;			/* under which what is noted in it is noted; 0: as what it stands in */
	bool is_optional;
	bool is_unwanted;		/* nothing in it is noted */
};

struct per_type {
	enum per_kind kind;
	uint8_t note;			/* what it is in notes; 0: it is not noted */
	uint8_t bits, unit;
	uint16_t least;
	bool is_aligned;		/* of a string: its length stands aligned */
	bool is_extensible;
	bool holds_open;		/* of a list: each item stands in an OCTET STRING of its own */
	bool ends_root, ends_additions;	/* what follows the last one listed in `fields` or `additions` is not read */
	uint8_t n_optional;		/* of a sequence's root */
	uint8_t most_noted;		/* of a list: in the items behind that many nothing is noted */
	uint8_t n_fields, n_additions;	/* listed here; of a choice, n_fields counts both and n_root the first ones */
	uint8_t n_root;
	uint8_t n_known;		/* additions, or alternatives: further ones are newer than these tables */
	const struct per_field *fields, *additions;
};

struct per_note {
	uint8_t note;		/* of its type */
	uint8_t role;		/* of the field it stands in */
	uint8_t index;		/* in the list that it is an item of; 0 where there is none */
	uint32_t value;		/* of PER_CHOICE which alternative, of PER_NUMBER the number, of PER_BYTES where they stand */
};

enum { PER_MOST_NOTES = 288 };

struct per_notes {
	struct per_note list[PER_MOST_NOTES];
	size_t n;
};

/*
 * Reads bytes[start .. len-1] as a message, and adds what is found to `notes`, in the order of the message. False: it is
 * none. The message's role must not be 0.
 */
bool per_read(const struct per_field *message, const uint8_t *bytes, uint32_t start, uint32_t len,
	      struct per_notes *notes);

/* For the tables: a list of fields and its length. */
#define PER_LISTED(list, n_list, ...) \
	.list = (const struct per_field[]){ __VA_ARGS__ }, \
	.n_list = sizeof((const struct per_field[]){ __VA_ARGS__ }) / sizeof(struct per_field)

#endif
