/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The five places in a packet's path where netfilter may look at it (enum nf_inet_hooks, same order). */
#ifndef PACKET_HOOK_H
#define PACKET_HOOK_H

enum hook { HOOK_PREROUTING, HOOK_INPUT, HOOK_FORWARD, HOOK_OUTPUT, HOOK_POSTROUTING, HOOK_COUNT };

/* "PREROUTING" and so on. */
const char *hook_name(enum hook hook);

#endif
