/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Timeout policies: lifetimes of their own for the connections that -j CT --timeout NAME chooses, instead of the sysctls'.
 *
 * They are read from the commands that make them, `nfct add timeout NAME inet tcp established 100 close 10`, a line each; `nfct` may
 * be left out. nfct 1.4.7; Linux 6.18, nfnetlink_cttimeout.c, nf_ct_set_timeout().
 */
#ifndef CONNTRACK_TIMEOUT_POLICY_H
#define CONNTRACK_TIMEOUT_POLICY_H

#include "base/diag.h"
#include "base/map.h"
#include "base/source.h"
#include "conntrack/settings.h"
#include "packet/address.h"

enum { TIMEOUT_POLICY_NAME_LONGEST = 31 };

struct timeout_policy {
	char name[TIMEOUT_POLICY_NAME_LONGEST + 1];
	enum family family;
	uint8_t protocol;			/* 0: every protocol that has no tracker of its own */
	struct conntrack_settings settings;	/* those of the policy's making, its own lifetimes put in */
	struct timeout_policy *next;
};

struct timeout_policies {
	struct timeout_policy *first, *last;	/* owned list */
	struct map names;
};

void timeout_policies_init(struct timeout_policies *policies);
void timeout_policies_clear(struct timeout_policies *policies);

/* Adds the policies of a file. What they leave open is as in `settings`. False after errors, all in `diagnostics`. */
bool timeout_policies_parse(struct timeout_policies *policies, const struct source *source,
			    const struct conntrack_settings *settings, struct diagnostics *diagnostics);

/* NULL: there is none of that name. */
const struct timeout_policy *timeout_policies_find(const struct timeout_policies *policies, const char *name);

#endif
