/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MAC addresses in rules, as iptables 1.8.9 reads them: xtopt_parse_ethermac(). */
#ifndef RULES_MAC_ADDRESS_H
#define RULES_MAC_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/text.h"
#include "rules/extension.h"

enum { MAC_ADDRESS_LEN = 6 };

/* Six hexadecimal numbers of at most two characters; an empty one is 0. False after an error. */
bool mac_address_parse(const struct argument *value, uint8_t *address, struct diagnostics *diagnostics);

/* "00:11:22:aa:bb:cc" */
void mac_address_print(const uint8_t *address, struct text *out);

#endif
