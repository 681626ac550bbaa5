/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the messages of H.323 look like, and what is noted in them: H.225.0 (RAS, and the call signalling within Q.931)
 * and H.245. The types follow the ASN.1 of the recommendations (H.225.0 version 4, H.245 version 7) as far as
 * Linux 6.18, nf_conntrack_h323_types.c, reads it; names are theirs. Private to helper/h323*.c and its kin.
 */
#ifndef CONNTRACK_HELPER_H323_TYPES_H
#define CONNTRACK_HELPER_H323_TYPES_H

#include "conntrack/helper/per.h"

/* What a note is of. */
enum h323_note {
	H323_CHOICE = 1,	/* value: which alternative */
	H323_NUMBER,		/* value: the number */
	H323_BEGIN,		/* something begins */
	H323_IPV4, H323_IPV6,	/* value: where an address stands, and behind it a port */
};

/* What it is there for. */
enum h323_role {
	H323_MESSAGE = 1,	/* which one it is */
	H323_H245_ADDRESS,
	H323_CALLED_ADDRESS, H323_CALLING_ADDRESS,	/* call signalling: destCall..., source- or srcCallSignalAddress */
	H323_ALTERNATIVE_ADDRESS, H323_REASON,		/* of a Facility */
	H323_SIGNAL_ADDRESS,	/* callSignalAddress */
	H323_RAS_ADDRESS,
	H323_TIME_TO_LIVE,
	H323_FAST_CHANNEL,	/* an OpenLogicalChannel of fastStart begins */
	H323_CONTROL,		/* h245Control begins */
	H323_CHANNEL, H323_CHANNEL_ACK,	/* an OpenLogicalChannel, OpenLogicalChannelAck begins, and these belong to it: */
	H323_MEDIA,		/* the address of RTP or RTCP */
	H323_DATA_PROTOCOL,	/* of T.120 data */
	H323_STACK,		/* the address of T.120 data */
};

/* Alternatives of H323_MESSAGE in RAS. */
enum {
	RAS_GATEKEEPER_REQUEST, RAS_GATEKEEPER_CONFIRM, RAS_REGISTRATION_REQUEST = 3, RAS_REGISTRATION_CONFIRM,
	RAS_UNREGISTRATION_REQUEST = 6, RAS_ADMISSION_REQUEST = 9, RAS_ADMISSION_CONFIRM, RAS_LOCATION_REQUEST = 18,
	RAS_LOCATION_CONFIRM, RAS_INFO_REQUEST_RESPONSE = 22,
};

enum { FACILITY_REASON_CALL_FORWARDED = 1 };
enum { DATA_PROTOCOL_SEPARATE_LAN_STACK = 10 };

/* The messages as a whole. */
extern const struct per_field h323_ras_message, h323_user_information, h323_control_message;

/* Parts that both recommendations use. */
extern const struct per_type per_null, per_bit, per_byte, per_word, per_number, per_big_number, per_object_identifier,
	per_octet_string, per_octets_4, per_octets_6, per_octets_8, per_octets_16, per_string_5_bits;
extern const struct per_type h245_open_logical_channel, h245_control_message;

/* How the tables are written. */
#define SEQUENCE(...) { .kind = PER_SEQUENCE, __VA_ARGS__ }
#define CHOICE(n_bits, n_first, n_all, ...) \
	{ .kind = PER_CHOICE, .bits = (n_bits), .n_root = (n_first), .n_known = (n_all), __VA_ARGS__ }
#define LIST_OF(...) { .kind = PER_SEQUENCE_OF, PER_LISTED(fields, n_fields, __VA_ARGS__) }
#define EXTENSIBLE .is_extensible = true
#define FIELDS(...) PER_LISTED(fields, n_fields, __VA_ARGS__)
#define ADDITIONS(n_all, ...) EXTENSIBLE, .n_known = (n_all), PER_LISTED(additions, n_additions, __VA_ARGS__)
#define NO_MORE_FIELDS .ends_root = true
#define NO_MORE_ADDITIONS .ends_additions = true
#define OPTIONALS(n) .n_optional = (n)
/* A field's name is for the reader alone. */
#define FIELD(name, of) { .type = &(of) }
#define OPTIONAL(name, of) { .type = &(of), .is_optional = true }
#define NOTED(name, of, as) { .type = &(of), .role = (as) }
#define OPTIONAL_NOTED(name, of, as) { .type = &(of), .role = (as), .is_optional = true }

#endif
