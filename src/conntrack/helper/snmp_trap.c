/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SNMP traps that pass a translation. It expects nothing. Linux 6.18, nf_nat_snmp_basic_main.c. */
#include "conntrack/helper/snmp_translate.h"

const struct helper helper_snmp_trap = {
	.name = "snmp_trap",
	.summary = "addresses in translated traps",
	.protocols = { PROTOCOL_UDP },
	.port = 162,
	.help = snmp_translate,
};
