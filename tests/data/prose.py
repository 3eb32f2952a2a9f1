"""What the samples say: written for this project, one text per page, paragraphs apart."""

LIGHTHOUSE = (
    "The lighthouse at Marlow Point was built in 1874 by masons who had never seen the sea."
    " They came from the hills with their own tools, their own bread and a contract that paid"
    " them by the finished course.\n\n"
    "The tower grew slowly. Every stone was cut on the shore, numbered with red paint and"
    " carried across the causeway at low water. When the tide returned, the workers waited"
    " above it and counted the hours.",
    "In the second winter a storm removed the scaffolding, two boats and the hut where the"
    " drawings were kept. The foreman drew everything again from memory, and only the staircase"
    " came out different.\n\n"
    "Visitors still notice it. The stairs begin with broad and generous steps, and after the"
    " third landing they become narrow, as if the builder had suddenly remembered the price of"
    " granite.",
    "A keeper lived here with his family until 1961. His logbook records the weather three"
    " times a day, the passing ships by name, and once a month the quantity of oil that remained"
    " in the cellar.\n\n"
    "On 12 March 1903 he wrote a single sentence: nothing happened today, and it was very"
    " beautiful. The historical society prints that sentence on its membership cards.",
    "Today the lamp is controlled by a small computer in a harbour office forty kilometres"
    " away. It needs no oil and no keeper, but twice a year an engineer climbs the stairs to"
    " clean the lens.\n\n"
    "She says that the view from the gallery is worth every step, that the wind never stops,"
    " and that somebody has carved the number 217 into the last stone of the tower.",
)

INVOICE = (
    "Invoice 2024-0815\n\n"
    "Northern Paper Company, 14 Harbour Street\n"
    "Customer number 40721, payable within thirty days\n\n"
    "Twelve reams of recycled paper 58.80\n"
    "Four boxes of envelopes 31.20\n"
    "Delivery to the warehouse 9.50\n\n"
    "Total amount due 99.50"
)

NOTICE = (
    "The reading room opens at nine and closes at six. Please leave coats and umbrellas in the"
    " cloakroom, and return every volume to the desk before you go."
)
