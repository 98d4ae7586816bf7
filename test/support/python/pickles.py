# SPDX-License-Identifier: MIT
"""CPython's own pickle, for comparison. A line of standard input is one request, a line of standard output its answer.

dump: a Python literal -> its pickles of protocols 0 to 5 in hexadecimal, separated by spaces.
load: a pickle in hexadecimal -> its repr().
"""

import ast
import pickle
import sys

mode = sys.argv[1]
for line in sys.stdin:
    if mode == "dump":
        value = ast.literal_eval(line)
        answer = " ".join(pickle.dumps(value, protocol).hex() for protocol in range(6))
    else:
        answer = ascii(pickle.loads(bytes.fromhex(line.strip())))
    print(answer, flush=True)
