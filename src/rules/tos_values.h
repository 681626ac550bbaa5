/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "value[/mask]" of a type of service, or a name (RFC 1349), for -m tos and -j TOS. iptables 1.8.9, xtopt_parse_tosmask(). */
#ifndef RULES_TOS_VALUES_H
#define RULES_TOS_VALUES_H

#include "rules/extension.h"

bool tos_values_parse(const struct argument *value, struct masked_value *masked, struct diagnostics *diagnostics);

#endif
