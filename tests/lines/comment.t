# SPDX-License-Identifier: GPL-2.0-or-later
# -m comment: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m comment --comment hello ; = ; OK
-m comment --comment "hello world" ; = ; OK
-m comment --comment "say \"hi\"" ; = ; OK
-m comment --comment 'single' ; -m comment --comment "\'single\'" ; OK
-m comment --comment "" ; = ; OK
-m comment ; ; FAIL comment needs --comment words
-m comment --comment "back\\slash" ; = ; OK
-m comment --comment "it's" ; -m comment --comment "it\'s" ; OK
-m comment --comment a --comment b ; ; FAIL --comment is given twice
-m comment ! --comment a ; ; FAIL --comment cannot be inverted
-m comment --comment aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ; -m comment --comment aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ; OK
-m comment --comment aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ; = ; OK
-m comment --comment foo-bar_baz1 ; = ; OK
-m comment --comment foo.bar ; -m comment --comment "foo.bar" ; OK
-m comment --comment a/b ; -m comment --comment "a/b" ; OK
-m comment --comment a:b ; -m comment --comment "a:b" ; OK
-m comment --comment a,b ; -m comment --comment "a,b" ; OK
-m comment --comment é ; -m comment --comment "é" ; OK
-m comment --comment $x ; -m comment --comment "$x" ; OK
-m comment --comment "a  b" ; = ; OK
-m comment --comment "-x" ; -m comment --comment -x ; OK
-m comment --comment -x ; = ; OK
-m comment --comm x ; -m comment --comment x ; OK
-m comment --comment " lead" ; = ; OK
-m comment --comment "%d" ; = ; OK
-m comment --comment "a=b" ; = ; OK
-m comment --comment a_b ; = ; OK
-m comment --comment 5 ; = ; OK
-m comment --comment "*" ; = ; OK
-m comment --comment "[x]" ; = ; OK
-m comment --comment "~" ; = ; OK

# family ipv6
-m comment --comment six ; = ; OK
