/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SIP and SDP as text (RFC 3261, RFC 4566): headers, addresses and parameters, and where they stand. It finds what
 * Linux 6.18, nf_conntrack_sip.c finds, where it finds it; a packet is rewritten at these places.
 *
 * Places are int: a search ends at a limit minus a word's length, which may lie before the text.
 */
#ifndef CONNTRACK_HELPER_SIP_TEXT_H
#define CONNTRACK_HELPER_SIP_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/address.h"

struct sip_text {
	const uint8_t *bytes;	/* borrowed */
	int len;
	enum family family;	/* of the addresses in it */
};

struct sip_span { int at, len; };

struct sip_endpoint {
	struct address address;
	uint16_t port;
};

enum sip_found { SIP_MALFORMED = -1, SIP_MISSING = 0, SIP_FOUND = 1 };

enum sip_header {
	SIP_CSEQ, SIP_FROM, SIP_TO, SIP_CONTACT, SIP_VIA_UDP, SIP_VIA_TCP, SIP_EXPIRES, SIP_CONTENT_LENGTH,
};

enum sdp_header { SDP_NOTHING, SDP_VERSION, SDP_OWNER, SDP_CONNECTION, SDP_MEDIA };

/* Does `word` stand at `at`, in any case? */
bool sip_text_has(const struct sip_text *text, int at, const char *word);

/* Decimal digits at `at`; *end is behind them. 0 with *end == at: there is no number, or it is too large. */
uint32_t sip_text_number(const struct sip_text *text, int at, int *end);

/*
 * The value of the next header of a type behind `from`: digits of CSeq, Expires and Content-Length, else address and port.
 * `span` is where it stands; when it is malformed, where to go on.
 */
enum sip_found sip_text_find_header(const struct sip_text *text, int from, enum sip_header header, struct sip_span *span);

/*
 * The next address in a header of a type that can be read. `from` (may be NULL: the first one) is moved behind it;
 * `in_header` (may be NULL) says that `from` stands in such a header already, whose list goes on.
 */
enum sip_found sip_text_find_address(const struct sip_text *text, int *from, enum sip_header header, bool *in_header,
				     struct sip_span *span, struct sip_endpoint *endpoint);

/* The address in the first line of a request. */
enum sip_found sip_text_find_target(const struct sip_text *text, struct sip_span *span, struct sip_endpoint *endpoint);

/* Parameters ("name=") of the header value that goes on at `from`: text, address (IPv6 in brackets?), number. */
enum sip_found sip_text_find_param(const struct sip_text *text, int from, const char *name, struct sip_span *span);
enum sip_found sip_text_find_address_param(const struct sip_text *text, int from, const char *name, bool has_brackets,
					   struct sip_span *span, struct address *address);
enum sip_found sip_text_find_number_param(const struct sip_text *text, int from, const char *name, struct sip_span *span,
					  uint32_t *value);

/* The value of the next SDP line of a type behind `from`, and in front of the next line of type `stop`. */
enum sip_found sip_text_find_sdp(const struct sip_text *text, int from, enum sdp_header header, enum sdp_header stop,
				 struct sip_span *span);
enum sip_found sip_text_find_sdp_address(const struct sip_text *text, int from, enum sdp_header header,
					 enum sdp_header stop, struct sip_span *span, struct address *address);

#endif
