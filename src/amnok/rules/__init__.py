"""The rules of the border: pure scalar functions, compiled, one file per system.

A rule takes plain numbers and gives a plain number, a truth value or a small tuple. Uniform draws
come in as arguments; no rule knows the scenario, arrays, files or other agents. Import rules from
their files: `from amnok.rules.inspection import items_to_check`. A border without a section
has no such system.

| file | system | section | claims |
|---|---|---|---|
| `inspection` | self-inspection of consignments | `self_inspection` | A01-A03, A06, A07, A12 |
| `search` | security police: searches, punishment | `security_police` | A02, A05, A06, A08, A13 |
| `guards` | border guards: liability, price, bribe | `guards` | A04, A09 |
| `cameras` | fixed and rotating cameras | `cameras` | A14 |
| `calendar` | seasons and halts | - | A10 |
| `river` | water level, ice and crossing | `river` | A11 |
| `orders` | orders and the politics that drives them | - | A05, A10, B04-B06 |
| `patrols` | Chinese patrols | `patrols` | B01, B04 |
| `phones` | phone monitoring and questioning | `phones` | B02 |
| `quotas` | quotas and whom they fall on | `quota` | B07, B08, B10, B12 |
| `protection` | protection bought from the MPS | `protection` | B11 |
| `customs` | goods in bulk through customs | `customs` | B08 |
| `routes` | choice of route, and where effort goes | - | A11, A14, B09 |
| `markets` | prices on both sides | - | - |
| `learning` | perceived risk and wariness | - | A06 |
| `reporting` | what sources see, dare to tell, and when | `reporting` | B02 |
| `distributions`, `smoothing` | the distributions and the averaging the others share | - | - |
"""
