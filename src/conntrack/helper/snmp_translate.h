/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SNMP messages (RFC 1157, RFC 3416) that pass a translation: values of type IpAddress that are the address inside become the
 * address outside. Linux 6.18 nf_nat_snmp_basic.
 */
#ifndef CONNTRACK_HELPER_SNMP_TRANSLATE_H
#define CONNTRACK_HELPER_SNMP_TRANSLATE_H

#include "conntrack/helper.h"

/* Of answers from port 161 and of traps to port 162. NULL, or why the packet is dropped. */
const char *snmp_translate(struct helping *helping);

#endif
