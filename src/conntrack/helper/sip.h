/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One SIP message of a packet, while it is read and rewritten. Private to helper/sip*.c.
 * Linux 6.18, nf_conntrack_sip.c, nf_nat_sip.c.
 */
#ifndef CONNTRACK_HELPER_SIP_H
#define CONNTRACK_HELPER_SIP_H

#include "conntrack/expectation.h"
#include "conntrack/helper/payload.h"
#include "conntrack/helper/sip_text.h"

enum sip_class { SIP_SIGNALLING, SIP_AUDIO, SIP_VIDEO, SIP_IMAGE };

struct sip_message {
	struct helping *helping;
	struct payload payload;		/* of the whole packet */
	uint32_t start;			/* of the message in it */
	struct sip_text text;		/* the message */
	int growth;			/* bytes that translation has added to it */
};

/* The tuples of the packet's direction and of the other one. */
static inline const struct tuple *sip_own(const struct sip_message *message)
{
	return &message->helping->own;
}

static inline const struct tuple *sip_other(const struct sip_message *message)
{
	return &message->helping->other;
}

/* Expects the media of the session description in the message, if there is one. NULL, or why the packet is dropped. */
const char *sip_read_media(struct sip_message *message);

/* What follows is for translated connections alone; NULL, or why the packet is dropped. */

/* Addresses and ports of the first line, Via, Contact, From and To, once the message was read. */
const char *sip_translate_message(struct sip_message *message);

/* Files what a REGISTER at `contact` announces, and writes the translated contact. */
const char *sip_expect_registration(struct sip_message *message, struct expectation *wanted, struct sip_span contact);

/* Files a media stream's two expectations, whose port stands at `media`; `address` becomes the translated one. */
const char *sip_expect_media(struct sip_message *message, struct expectation *rtp, struct expectation *rtcp,
			     struct sip_span media, struct address *address);

/* SDP's parts; false: it cannot be rewritten. */
bool sip_write_media_port(struct sip_message *message, struct sip_span media, uint16_t port);
bool sip_write_media_address(struct sip_message *message, int media_at, const struct address *address);
bool sip_write_session_address(struct sip_message *message, int sdp_at, const struct address *address);

#endif
