/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * H.245, the control channel of an H.323 call: which media run to which ports. Q.931 announces it.
 * Linux 6.18, h245_help().
 */
#include "conntrack/helper/h323.h"

static bool read_message(struct h323_message *message)
{
	message->notes.n = 0;
	return per_read(&h323_control_message, message->payload.bytes + message->start, 0, message->len, &message->notes);
}

static bool expect_all(struct h323_message *message)
{
	for (size_t i = 0; i < message->notes.n; i++) {
		uint8_t role = message->notes.list[i].role;

		if ((role == H323_CHANNEL || role == H323_CHANNEL_ACK) && !h323_expect_channel(message, i))
			return false;
	}
	return true;
}

static const char *help(struct helping *helping)
{
	return h323_help_segment(helping, read_message, expect_all) ? NULL : "helper H.245: cannot process H.245 message";
}

const struct helper helper_h245 = {
	.name = "H.245",
	.summary = "the media of an H.323 call; Q.931 gives it to the TCP connections that it expects",
	.protocols = { PROTOCOL_UDP },	/* so says the kernel, which counts where a rule names it, and nowhere else */
	.has_ipv6 = true,
	.classes = { { "", H323_RTP_CHANNELS * 4 + 2, 240 } },
	.n_classes = 1,
	.help = help,
};
