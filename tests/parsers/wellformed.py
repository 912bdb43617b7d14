"""Says of each file in the folders that it is given whether expat can read it, as JSON: names and booleans."""

import json
import os
import sys
from xml.parsers import expat


def is_wellformed(path):
    """Whether it is well-formed, namespaces minded."""
    # A separator that can stand in no namespace: expat takes one that does for an error.
    parser = expat.ParserCreate(namespace_separator="\x01")
    with open(path, "rb") as file:
        try:
            parser.Parse(file.read(), True)
        except (expat.ExpatError, LookupError, ValueError):
            return False
    return True


found = {}
for folder in sys.argv[1:]:
    for name in sorted(os.listdir(folder)):
        if name.endswith(".xml"):
            found[name] = is_wellformed(os.path.join(folder, name))
print(json.dumps(found))
