/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The media streams that a session description names. Linux 6.18, process_sdp(), set_expected_rtp_rtcp(). */
#include "conntrack/helper/sip.h"

#include <string.h>

#include "conntrack/help.h"
#include "conntrack/lifecycle.h"

enum { LOWEST_MEDIA_PORT = 1024, MOST_MEDIA = 3 };

/*
 * The same media may be announced in several connections: whoever was first has its expectations. Returns true when they
 * are there. A stream that both sides reach directly, though both are translated, is expected where it really goes.
 */
static bool is_expected(struct sip_message *message, const struct expectation *wanted, struct tuple *tuple,
			bool *is_direct)
{
	struct helping *helping = message->helping;

	*tuple = wanted->tuple;
	*is_direct = false;
	for (;;) {
		const struct expectation *known = expectation_find(helping->conntrack, tuple);

		if (!known || known->master == helping->connection || known->class != wanted->class ||
		    help_helper(known->master) != helping->help->helper)
			return false;
		if (*is_direct || !payload_is_translated(helping) ||
		    (address_is_equal(&known->saved_address, &known->tuple.destination) &&
		     known->saved_port == known->tuple.destination_port))
			return true;
		tuple->destination = known->saved_address;
		tuple->destination_port = known->saved_port;
		*is_direct = true;
	}
}

/* Linux 6.18: one that is there already, for another connection or another kind of media, is as good. */
static bool expect_or_share(struct helping *helping, const struct expectation *wanted, bool *is_added)
{
	enum expectation_answer answer = expectation_add(helping->conntrack, wanted, true, helping->now);

	*is_added = answer == EXPECTATION_ADDED;
	return answer == EXPECTATION_ADDED || answer == EXPECTATION_KNOWN;
}

static const char *expect_pair(struct helping *helping, const struct expectation *rtp, const struct expectation *rtcp)
{
	bool is_added, unused;

	if (!expect_or_share(helping, rtp, &is_added))
		return "helper sip: cannot add expectation for voice";
	if (expect_or_share(helping, rtcp, &unused))
		return NULL;
	if (is_added)
		expectation_remove(helping->conntrack, expectation_find(helping->conntrack, &rtp->tuple),
				   EXPECTATION_WITHDRAWN);
	return "helper sip: cannot add expectation for voice";
}

/* Linux 6.18, set_expected_rtp_rtcp(). */
static const char *expect_media(struct sip_message *message, struct address *address, uint16_t port, enum sip_class class,
				struct sip_span media)
{
	struct helping *helping = message->helping;
	const struct address *peer = &sip_other(message)->source;
	struct expectation rtp, rtcp;
	struct tuple tuple;
	bool is_there, is_direct;

	/* A third host's media: somebody else's business. */
	if (!address_is_equal(address, &sip_own(message)->source))
		return NULL;
	expectation_init(&rtp, helping->connection, PROTOCOL_UDP, peer, address, port);
	rtp.class = class;
	is_there = is_expected(message, &rtp, &tuple, &is_direct);
	*address = tuple.destination;
	port = tuple.destination_port & 0xfffe;
	if (is_direct && !sip_write_media_port(message, media, port))
		return "helper sip: cannot add expectation for voice";
	if (is_there)
		return NULL;
	expectation_init(&rtp, helping->connection, PROTOCOL_UDP, peer, address, port);
	expectation_init(&rtcp, helping->connection, PROTOCOL_UDP, peer, address, (uint16_t)(port + 1));
	rtp.class = rtcp.class = class;
	if (payload_is_translated(helping) && !is_direct)
		return sip_expect_media(message, &rtp, &rtcp, media, address);
	return expect_pair(helping, &rtp, &rtcp);
}

static const struct {
	const char *name;
	enum sip_class class;
} media_types[MOST_MEDIA] = { { "audio ", SIP_AUDIO }, { "video ", SIP_VIDEO }, { "image ", SIP_IMAGE } };

/* The kind of media whose line begins at `media`, which loses its word; false: of no kind that is followed. */
static bool find_media_class(const struct sip_text *text, struct sip_span *media, enum sip_class *class)
{
	for (size_t i = 0; i < MOST_MEDIA; i++) {
		int len = (int)strlen(media_types[i].name);

		if (media->len < len || memcmp(text->bytes + media->at, media_types[i].name, (size_t)len) != 0)
			continue;
		media->at += len;
		media->len -= len;
		*class = media_types[i].class;
		return true;
	}
	return false;
}

/* What holds for the whole session description. */
struct session {
	int at;
	bool has_address;
	struct address address;		/* for media that name none */
	bool has_media_address;
	struct address media_address;	/* of the media read last, as it was translated */
};

/* One media line; `media` stands behind its word. */
static const char *read_media(struct sip_message *message, struct session *session, enum sip_class class,
			      struct sip_span media, bool *counts)
{
	int end;
	uint32_t port = sip_text_number(&message->text, media.at, &end);
	struct sip_span span;
	bool is_own;
	const char *problem;

	*counts = false;
	if (port == 0)
		return NULL;	/* not in use */
	if (port < LOWEST_MEDIA_PORT || port > UINT16_MAX)
		return "helper sip: wrong port";
	is_own = sip_text_find_sdp_address(&message->text, media.at, SDP_CONNECTION, SDP_MEDIA, &span,
					   &session->media_address) == SIP_FOUND;
	if (!is_own && !session->has_address)
		return "helper sip: cannot parse SDP message";
	if (!is_own)
		session->media_address = session->address;
	session->has_media_address = true;
	problem = expect_media(message, &session->media_address, (uint16_t)port, class, media);
	if (problem)
		return problem;
	if (is_own && payload_is_translated(message->helping) &&
	    !sip_write_media_address(message, media.at, &session->media_address))
		return "helper sip: cannot mangle SDP";
	*counts = true;
	return NULL;
}

const char *sip_read_media(struct sip_message *message)
{
	const struct sip_text *text = &message->text;
	struct session session = { .has_address = false };
	struct sip_span span, media;
	const char *problem;

	if (sip_text_find_sdp(text, 0, SDP_VERSION, SDP_NOTHING, &span) != SIP_FOUND)
		return NULL;
	session.at = span.at;
	session.has_address = sip_text_find_sdp_address(text, session.at, SDP_CONNECTION, SDP_MEDIA, &span,
							&session.address) == SIP_FOUND;
	if (session.has_address) {
		session.has_media_address = true;
		session.media_address = session.address;
	}
	media.at = session.at;
	for (int n_media = 0; n_media < MOST_MEDIA;) {
		enum sip_class class;
		bool counts;

		if (sip_text_find_sdp(text, media.at, SDP_MEDIA, SDP_NOTHING, &media) != SIP_FOUND)
			break;
		if (!find_media_class(text, &media, &class)) {
			media.at += media.len;
			continue;
		}
		problem = read_media(message, &session, class, media, &counts);
		if (problem)
			return problem;
		n_media += counts;
	}
	if (payload_is_translated(message->helping) && session.has_media_address &&
	    !sip_write_session_address(message, session.at, &session.media_address))
		return "helper sip: cannot mangle SDP";
	return NULL;
}
