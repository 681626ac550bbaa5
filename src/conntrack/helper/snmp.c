/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SNMP: the host asks everybody on its network; answers that pass a translation. Linux 6.18, nf_conntrack_snmp.c. */
#include "conntrack/helper/broadcast.h"
#include "conntrack/helper/snmp_translate.h"

static const char *help(struct helping *helping)
{
	broadcast_expect_answers(helping);
	return snmp_translate(helping);
}

const struct helper helper_snmp = {
	.name = "snmp",
	.summary = "answers to a question that the host broadcasts; addresses in translated answers",
	.protocols = { PROTOCOL_UDP },
	.port = 161,
	.classes = { { "", 1, 30 } },
	.n_classes = 1,
	.help = help,
};
