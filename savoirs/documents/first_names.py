"""First names that are common in France: two capitalised words are a person's name when the first is one of these."""

from __future__ import annotations

_LISTED = """
adele adrien agathe agnes aicha alain albert alex alexandra alexandre alexis alice aline alix amandine amelie amina
amine amira anais andre andrea anissa anna anne annick annie antoine antonin arnaud arthur assia astrid aude audrey
aurelie aurelien axel bachir baptiste barbara basile bastien beatrice benedicte benjamin benoit bernadette bernard
bertrand bilal brahim brice brigitte bruno camille carine carla carole caroline catherine cecile cedric celia celine
chantal charles charlotte chloe christelle christian christiane christine christophe claire clara clarisse claude
claudine clemence clement clothilde colette coralie corinne cyril dalila damien daniel daniele danielle david
deborah delphine denis denise diane didier djamila dominique dorothee edith edouard elena eliane elisa elisabeth
elise ella elodie emeric emilie emma emmanuel emmanuelle eric erica ernest estelle esther etienne eva eve fabien
fabienne fabrice fanny farid fatiha fatima fatou felix fernand flora florence florent florian fouad francine francis
franck francois francoise frederic frederique gabriel gabrielle gael gaelle genevieve georges gerald gerard germain
ghislaine gilbert gilles gisele grace gregoire gregory guillaume guy hafid hakim hamid hassan helene henri herve
hugo hugues ibrahim imane ines ingrid irene isabelle jacqueline jacques jade jamel jamila jean jeanne jeremie jeremy
jerome jihane joel joelle john jonathan jordan joseph josette josiane judith jules julia julie julien juliette
justine kamel karim karima karine katia kevin khadija khaled kim laetitia laila lambert latifa laura laure laurence
laurent lea leila lena leo leon leonie leslie liliane lina lionel lisa loic louis louisa louise luc lucas lucie
lucien ludovic lydia lydie madeleine mael magali maite malika mamadou manon manuel marc marcel marcelle margaux
margot marguerite maria mariam mariama marianne marie marina marine marion marius marjorie marlene marthe martial
martin martine maryse mathias mathieu mathilde matthieu maud maurice max maxime mehdi melanie melissa michael michel
michele mickael mireille mohamed monique morgane mouna mounir moussa moustapha muriel myriam nabil nadege nadia
nadine naima natacha nathalie nathan nawel nicolas nicole nina noe noel noemie nora noura odette odile olivia
olivier omar oriane oscar ousmane pascal pascale patrice patricia patrick paul paule pauline perrine philippe pierre
quentin rachel rachid rania raoul raphael raymond regine regis remi remy renaud rene renee richard robert robin
roger roland romain romane rosa rose roxane sabine sabrina said salim salima salome samia samir samira samuel sandra
sandrine sara sarah sebastien selma serge severine simon simone sofia solange solene sonia sophie stephane stephanie
suzanne sylvain sylvie tania tatiana thea theo theodore therese thibault thierry thomas timothee tristan valentin
valentine valerie vanessa veronique victoire victor victoria vincent violette virginie viviane walid wassim xavier
yacine yann yannick yasmina yasmine yassine yoann yolande youssef yvan yves yvette yvonne zahra zineb zoe
"""

FIRST_NAMES = frozenset(_LISTED.split())
"""Folded: lower case, no accents."""
